"""What the scripts beside it share: the built program, and tables in README.md."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = HERE.parent / ".build/release/kdscope"


def table(columns, rows):
    """Lines of a markdown table; cells are texts."""
    lines = ["| " + " | ".join(cells) + " |" for cells in [columns, *rows]]
    return "\n".join([lines[0], "|---" * len(columns) + "|", *lines[1:]])


def put(text, script):
    """Writes a text into README.md, between a script's marks."""
    begin, end = f"<!-- {script}: written by ./{script} -->", f"<!-- end of {script} -->"
    readme = HERE / "README.md"
    before, rest = readme.read_text().split(begin)
    readme.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}")
