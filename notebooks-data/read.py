#!/usr/bin/env python3
"""Reads the tables of a run with pandas and prints two results that its report does not have.

Usage: python3 notebooks-data/read.py [FOLDER]

FOLDER is notebooks-data/NAME of any finished run; without it, the sample run partshapes. Its README.md describes every
table, column and unit. Needs pandas (pip install pandas).
"""

import pathlib
import sys

import pandas as pd


def read(folder):
    """All tables of a folder, by file name without .csv. An empty field is a missing value, everything else is data."""
    return {
        file.stem: pd.read_csv(file, keep_default_na=False, na_values=[""]) for file in sorted(folder.glob("*.csv"))
    }


def gap_by_epoch(training):
    """Development accuracy: mean over seeds, one row per epoch, one column per network, and student - baseline."""
    means = training.pivot_table(index="epoch", columns="role", values="development_accuracy", aggfunc="mean")
    for role in means.columns.drop(["teacher", "baseline"], errors="ignore"):
        if "baseline" in means:
            means[f"{role} - baseline"] = means[role] - means["baseline"]
    return means


def gain_by_class(classes):
    """Recall on the test split: mean over seeds, one row per class, the largest gain over the baseline first."""
    recall = classes.pivot_table(index="class", columns="role", values="recall", aggfunc="mean")
    students = recall.columns.drop(["teacher", "baseline"], errors="ignore")
    if "baseline" not in recall or students.empty:
        return recall
    return recall.assign(gain=recall[students[0]] - recall["baseline"]).sort_values("gain", ascending=False)


def main():
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "partshapes"
    tables = read(folder)
    if not tables:
        sys.exit(f"{folder}: no .csv files; give the folder notebooks-data/NAME of a finished run")
    print(f"{folder.name}: {len(tables)} tables")
    for name, table in tables.items():
        print(f"  {name}: {len(table)} rows, {len(table.columns)} columns")
    for name, title, question in [
        ("training", "Development accuracy by epoch, mean over seeds", gap_by_epoch),
        ("classes", "Test recall by class, mean over seeds", gain_by_class),
    ]:
        if name in tables and "role" in tables[name]:
            print(f"\n{title}\n{question(tables[name]).round(3).to_string()}")


if __name__ == "__main__":
    main()
