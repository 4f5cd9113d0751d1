"""Intervals and tests of Statistics/Comparisons, from scipy and statsmodels.

Run: python3 Tests/Golden/comparisons.py     (needs scipy and statsmodels beside requirements.txt)
Cases hold `input.0` (and `input.1`) in float64 and the expected numbers as `output`:
  bca            estimate, lower, upper; `replicates` is scipy's own bootstrap distribution, `jackknife` ours to make
  bca-long       lower, upper from 400,000 resamples: a Monte-Carlo reference
  sign-flips, two-samples   exact p of scipy.stats.permutation_test, two-sided
  paired-t, welch           t, p
  holm           adjusted p-values (statsmodels multipletests)
  wilson         lower, upper for each (successes, trials)
  mcnemar        p for each (only first, only second)
  pairs-needed   ceiling of statsmodels' TTestPower for each ratio mean / deviation (power 0.8, level 0.05)
  normal         quantiles of probabilities
  noncentral-t   scipy.stats.nct.cdf of each (t, degrees of freedom, noncentrality)
  power          scipy's power of the two-sided test of each (effect, observations, level)
  smallest       effect in standard errors that is found with 80 % chance, of each (observations, level)
"""

import numpy as np
import scipy
import statsmodels
from golden import Recorder
from scipy import integrate, optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint

r = Recorder("comparisons", 20)
random = np.random.Generator(np.random.PCG64(20))


def case(name, op, inputs, output, **options):
    r.declare(name, op, **options)
    for place, values in enumerate(inputs):
        r.keep(f"{name}/input.{place}", np.asarray(values, dtype=np.float64))
    r.keep(f"{name}/output", np.asarray(output, dtype=np.float64))


def skewness(x, axis=-1):
    return stats.skew(x, axis=axis)


def mean(x, axis=-1):
    return np.mean(x, axis=axis)


def deviation(x, axis=-1):
    return np.std(x, axis=axis, ddof=1)


samples = {
    "skewed": random.exponential(1, 12), "normal": random.standard_normal(30),
    "ties": np.array([0., 0, 0, 1, 1, 0, 1, 0, 0, 0, 2, 0]), "two": np.array([1.0, 4.0]),
}
for name, sample in samples.items():
    for statistic in (mean, deviation):
        if name == "two" and statistic is deviation:
            continue
        result = stats.bootstrap(
            (sample,), statistic, n_resamples=499, method="BCa", rng=np.random.default_rng(3))
        case(
            f"bca-{name}-{statistic.__name__}", "bca", [sample],
            [statistic(sample), result.confidence_interval.low, result.confidence_interval.high],
            statistic=statistic.__name__)
        r.keep(f"bca-{name}-{statistic.__name__}/replicates", result.bootstrap_distribution)
long = stats.bootstrap(
    (samples["skewed"],), mean, n_resamples=400_000, method="BCa", batch=20_000, rng=np.random.default_rng(4))
case(
    "bca-long", "bca-long", [samples["skewed"]], [long.confidence_interval.low, long.confidence_interval.high])

for name, values in {
    "three": [0.02, 0.011, 0.005], "mixed": random.standard_normal(9) + 0.4, "ties": [1, -1, 1, 0, 2, 1, 0, -1, 1],
    "sixteen": random.standard_normal(16) + 0.5, "zero": [0, 0, 0],
}.items():
    values = np.asarray(values, dtype=np.float64)
    p = stats.permutation_test(
        (values,), mean, permutation_type="samples", n_resamples=np.inf).pvalue
    case(f"flips-{name}", "sign-flips", [values], [values.mean(), p])

for name, a, b in [
    ("small", [1, 5, 2], [4, 7, 9, 8]), ("ties", [1, 1, 2, 3, 3], [1, 2, 2, 3, 4, 4]),
    ("normal", random.standard_normal(6) + 1, random.standard_normal(7)), ("equal", [2, 2], [2, 2, 2]),
]:
    def difference(x, y, axis=-1):
        return np.mean(x, axis=axis) - np.mean(y, axis=axis)
    p = stats.permutation_test(
        (a, b), difference, permutation_type="independent", vectorized=True, n_resamples=np.inf).pvalue
    case(f"split-{name}", "two-samples", [a, b], [np.mean(a) - np.mean(b), p])
    if name != "equal":
        welch = stats.ttest_ind(a, b, equal_var=False)
        case(f"welch-{name}", "welch", [a, b], [welch.statistic, welch.pvalue])

for name, values in {"three": [0.02, 0.011, 0.005], "normal": random.standard_normal(9)}.items():
    t = stats.ttest_1samp(values, 0)
    case(f"t-{name}", "paired-t", [values], [t.statistic, t.pvalue])

for name, p in {
    "usual": [0.01, 0.04, 0.03, 0.005], "ties": [0.02, 0.02, 0.5, 0.9, 0.02], "one": [0.2], "large": [0.6, 0.7, 0.9],
}.items():
    case(f"holm-{name}", "holm", [p], multipletests(p, method="holm")[1])

pairs = [(0, 10), (10, 10), (3, 7), (8945, 10000), (1, 1), (0, 1)]
case(
    "wilson", "wilson", [[a for a, _ in pairs], [b for _, b in pairs]],
    [end for a, b in pairs for end in proportion_confint(a, b, method="wilson")])
counts = [(0, 0), (3, 3), (1, 9), (120, 90), (0, 14), (400, 520)]
case(
    "mcnemar", "mcnemar", [[a for a, _ in counts], [b for _, b in counts]],
    [mcnemar([[5, a], [b, 5]], exact=True).pvalue for a, b in counts])
ratios = [0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 3.0, 0.15]
case(
    "pairs-needed", "pairs-needed", [ratios],
    [np.ceil(TTestPower().solve_power(effect_size=d, alpha=0.05, power=0.8)) for d in ratios])
probabilities = [1e-12, 0.025, 0.2, 0.5, 0.5001, 0.975, 1 - 1e-9]
case("normal", "normal", [probabilities], stats.norm.ppf(probabilities))

points = [
    (t, df, delta) for df in (1, 2, 4, 7, 30) for delta in (-2.0, 0.0, 0.5, 3.0, 5.65, 12.0)
    for t in (-4.303, -1.0, 0.0, 0.3, 2.0, 4.303, 15.0)]
case(
    "noncentral-t", "noncentral-t", [points], [stats.nct.cdf(*p) if p[2] else stats.t.cdf(*p[:2]) for p in points])


def power(effect, count, level):
    # By quadrature in double precision where nct.cdf loses its digits far from the centre: P(|T| > t) over chi.
    t = stats.t.ppf(1 - level / 2, count - 1)
    chi = stats.chi(count - 1, scale=(count - 1) ** -0.5)
    inside = integrate.quad(
        lambda s: (stats.norm.cdf(t * s - effect) - stats.norm.cdf(-t * s - effect)) * chi.pdf(s), 0, np.inf,
        points=None, epsabs=1e-13, epsrel=1e-12, limit=500)[0]
    return 1 - inside


studies = [(e, n, a) for n in (2, 3, 5, 8, 20) for a in (0.05, 0.025, 0.05 / 3) for e in (0.0, 1.0, 3.0, 6.0)]
case("power", "power", [studies], [power(*s) for s in studies])
designs = [(n, a) for n in (3, 4, 5, 8, 12, 30) for a in (0.05, 0.025, 0.05 / 3, 0.01)]
case(
    "smallest", "smallest", [designs],
    [optimize.brentq(lambda e: power(e, *d) - 0.8, 0.1, 200, xtol=1e-10) for d in designs])

r.write(scipy=scipy.__version__, statsmodels=statsmodels.__version__)
