"""Prints the expected values of Tests/StatisticsTests, from scipy and numpy.

Run: python3 Tests/Golden/intervals.py
The tests hold the printed numbers as literals; recorded with scipy 1.17.1 and numpy 2.4.6.
"""

import numpy as np
import scipy
from scipy import stats

print(f"scipy {scipy.__version__}, numpy {np.__version__}")

print("\nStudent t quantiles: (degrees of freedom, probability, value)")
for dof in (1, 2, 3, 4.5, 10, 30, 200, 1e6):
    for p in (0.5001, 0.6, 0.975, 0.995, 1e-6, 1e-12):
        print(f"({dof}, {p!r}, {float(stats.t.ppf(p, dof))!r}),")

print("\nStudent t cumulative: (degrees of freedom, t, value)")
for dof in (1, 2, 5, 29, 1000):
    for t in (-40.0, -2.5, -1e-3, 0.0, 0.7, 3.0):
        print(f"({dof}, {t!r}, {float(stats.t.cdf(t, dof))!r}),")

print("\n95 % Student t intervals of the mean: (values, mean, lower, upper)")
for values in ([0.81, 0.83], [0.912, 0.905, 0.921], [3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0]):
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    print(f"({values}, {float(np.mean(values))!r}, {float(low)!r}, {float(high)!r}),")

sample = [2.5, -1.0, 7.25, 0.0, 3.125, 9.5, -4.75]
print(f"\nQuantiles of {sample}: (probability, value)")
for p in (0, 0.025, 0.1, 0.25, 0.5, 0.6, 0.975, 1):
    print(f"({p}, {float(np.quantile(sample, p))!r}),")
print(f"standard deviation (n - 1): {float(np.std(sample, ddof=1))!r}")

a = [1.0, 2.0, 2.0, 4.0, 7.0, 7.0, 7.0, -3.0]
b = [2.5, 0.5, 3.0, 3.0, 9.0, 4.0, 9.0, -1.0]
print(f"\nCorrelations of {a} and {b}")
print(f"Pearson {float(stats.pearsonr(a, b).statistic)!r}")
print(f"Spearman {float(stats.spearmanr(a, b).statistic)!r}")
print(f"ranks of b {stats.rankdata(b).tolist()}")

print("\n95 % percentile bootstrap of the mean of the sample, 200,000 resamples (Monte-Carlo reference)")
means = np.random.default_rng(0).choice(sample, (200_000, len(sample))).mean(1)
print([float(v) for v in np.quantile(means, (0.025, 0.975))])

print("\n95 % two-level bootstrap of the mean of groups' standard deviations, 200,000 resamples")
groups = [
    np.array([1.0, 3.0, 2.0, 6.0, 4.0]), np.array([0.0, 0.5, 1.5, 1.0]), np.array([5.0, -5.0, 2.0, 2.0, 0.0, 1.0])]
random = np.random.default_rng(1)
replicates = np.zeros(200_000)
for _ in range(3):
    chosen = random.integers(0, 3, replicates.size)
    deviations = np.zeros(replicates.size)
    for index, group in enumerate(groups):
        drawn = random.choice(group, (replicates.size, group.size))
        deviations = np.where(chosen == index, drawn.std(1, ddof=1), deviations)
    replicates += deviations / 3
print(float(np.mean([g.std(ddof=1) for g in groups])), [float(v) for v in np.quantile(replicates, (0.025, 0.975))])
