"""Prints the expected values of Tests/StatisticsTests/RankingTests.swift, from scikit-learn.

Run: python3 Tests/Golden/ranking.py
The tests hold the printed numbers as literals; recorded with scikit-learn 1.9.1.
"""

import sklearn
from sklearn.metrics import average_precision_score, roc_auc_score

print(f"scikit-learn {sklearn.__version__}: (scores, truth, average precision, area under the characteristic)")
for scores, truth in (
    ([0.1, 0.4, 0.35, 0.8], "0011"), ([0.5] * 4, "0100"), ([3, 2, 2, 1, 1, 1], "101001"), ([4, 3, 2, 1], "1100"),
    ([1, 2, 3, 4], "1100"),
):
    y = [int(c) for c in truth]
    print(f'({scores}, "{truth}", {float(average_precision_score(y, scores))!r}, {float(roc_auc_score(y, scores))!r}),')
