"""How wide a page of Prefect's UI becomes: within a cell it breaks no line by itself."""


def table_width(page: str) -> int:
    """Letters of a row, where every column is as wide as its longest line."""
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    columns = zip(*rows, strict=True)
    return sum(max(len(line) for cell in column for line in cell.split("<br>")) for column in columns)
