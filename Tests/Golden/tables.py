"""What pandas' read_csv makes of tables as people have them, for CSVReading: tables.json.

Run: python3 Tests/Golden/tables.py
Each case is a text with what pandas reads from it: columns by name, each a list of numbers, texts or nulls. pandas is
told the separator and, between semicolons and tabs, the decimal comma where there is one; CSVReading finds both. Blanks
after a separator are skipped (skipinitialspace), and what is left of them around names and texts is stripped here, as
CSVReading strips it.
"""

import io
import json
import math
from pathlib import Path

import pandas

MISSING = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
           "NA", "NULL", "NaN", "None", "n/a", "nan", "null"]

# name: (text, options of read_csv)
cases = {
    "plain": ("epoch,value\n1,0.5\n2,0.25\n", {}),
    "blank after comma": ("Time, ADC0\n0.0, 2.5\n0.1, 3.5\n", {}),
    "blanks before and after": ("Time , ADC0 \n0.0 , 2.5 \n 0.1\t,\t3.5\n", {}),
    "text with blanks": ("name, value\n a b , 1\n c , 2\n", {}),
    "NA": ("epoch,value\n1,0.5\n2,NA\n3,0.7\n", {}),
    "blank before NA": ("epoch,value\n1, 0.5\n2, NA\n3, 0.7\n", {}),
    "missing words are no names": ("name,value\nNone,1\nnone,2\nNULL,3\nna,4\n", {}),
    "nothing but NA": ("a,b\n1,NA\n2,\n", {}),
    "whole numbers with a gap": ("a,b\n1,2\n,3\n", {}),
    "blank last line": ("epoch,value\n1,0.5\n2,0.7\n\n", {}),
    "blank lines": ("\nepoch,value\n\n1,0.5\n  \n2,0.7\n\n\n", {}),
    "no line end at the end": ("epoch,value\n1,0.5\n2,0.7", {}),
    "byte-order mark": ("\ufeffepoch,value\r\n1,0.5\r\n", {}),
    "CR LF": ("epoch,value\r\n1,0.5\r\n2,NA\r\n", {}),
    "CR alone": ("epoch,value\r1,0.5\r2,0.7\r", {}),
    "quoted lines": ('name,value\n"two\nlines",1\n"a ""quote""",2\n"x, y",3\n', {}),
    "quoted after a blank": ('name, value\n"x, y", 1\n "z" ,2\n', {}),
    "all quoted": ('"epoch","value"\n"1","0.5"\n"2",""\n"3","NA"\n', {}),
    "quote inside": ('name,value\n5" disk,1\n3" disk,2\n', {}),
    "semicolons": ("epoch;value\n1;0.5\n2;NA\n", {"sep": ";"}),
    "semicolons and decimal commas": ("epoch;value\n1;0,5\n2;\n3;-1,25e-3\n", {"sep": ";", "decimal": ","}),
    "whole numbers among decimal commas": ("a;b\n1;0,5\n2;3\n", {"sep": ";", "decimal": ","}),
    "quoted decimal commas": ('a;b\n"1,5";x\n"2,5";y\n', {"sep": ";", "decimal": ","}),
    "tabs": ("epoch\tvalue\n1\t0.5\n2\tn/a\n", {"sep": "\t"}),
    "tabs and empty fields": ("a\tb\tc\n1\t\t3\n\t2\t\n", {"sep": "\t"}),
    "tabs and decimal commas": ("a\tb\n1\t0,5\n2\t0,75\n", {"sep": "\t", "decimal": ","}),
    "commas in texts between semicolons": ("name;value\nb, c;1\nd, e;2\n", {"sep": ";"}),
    "semicolons in texts between commas": ("name,value\nb; c,1\nd; e,2\n", {}),
    "index without a name": (",epoch,value\n0,1,0.5\n1,2,0.7\n", {}),
    "forms of numbers": ("a,b\n+1,1e5\n-2,.5\n03,1.\n4,-1E-3\n", {}),
    "infinity": ("a,b\n1,inf\n2,-inf\n3,Infinity\n4,1\n", {}),
    "hexadecimal is text": ("a,b\n0x10,1\n0x11,2\n", {}),
    "underscores are text": ("a,b\n1_000,1\n2_000,2\n", {}),
    "dates are text": ("day,value\n2024-01-02,1\n2024-01-03,2\n", {}),
    "per cent is text": ("a,b\n50 %,1\n60%,2\n", {}),
    "large whole numbers": ("a,b\n9223372036854775807,1\n-9223372036854775808,2\n", {}),
    "digits": ("a,b\n0.1,0.30000000000000004\n1e-300,123456789.12345679\n", {}),
    "accents": ("näme,değer\nzażółć,1\n日本,2\n", {}),
}
for place, word in enumerate(MISSING):
    cases[f"missing {place}: {word}"] = (f"epoch,value,name\n1,0.5,a\n2,{word},{word}\n3,0.7,b\n", {})


def cell(value):
    if value is None or isinstance(value, float) and math.isnan(value) or value is pandas.NA:
        return None
    if isinstance(value, str):
        return value.strip()
    value = float(value)
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


recorded = []
for name, (text, options) in cases.items():
    frame = pandas.read_csv(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True, **options)
    columns = [
        {"name": str(column).strip(), "isText": not pandas.api.types.is_numeric_dtype(frame[column]),
         "cells": [cell(value) for value in frame[column].tolist()]}
        for column in frame.columns
    ]
    recorded.append({"name": name, "csv": text, "columns": columns})

path = Path(__file__).resolve().with_suffix(".json")
path.write_text(json.dumps(recorded, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
print(len(recorded), "cases, pandas", pandas.__version__)
