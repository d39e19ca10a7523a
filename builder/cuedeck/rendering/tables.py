"""Markdown tables. Markdown drops cells for which the head of a table has no column: these are reported."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table

from cuedeck.entities import unescape
from cuedeck.problems import TextError
from cuedeck.rendering.mistakes import keep_fatal, shortened
from cuedeck.rendering.plain import is_visible


def add_tables(parser: MarkdownIt) -> None:
    """Teach a parser about tables."""
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.enable("table")


def _table(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Read the lines of a table as Markdown does, and report rows that have more cells than its head."""
    before = len(state.tokens)
    found = table(state, first, last, silent)
    if found and not silent:
        columns = sum(token.type == "th_open" for token in state.tokens[before:])
        for line in range(first + 2, state.line):
            _check_row(state, line, columns)
    return found


def _check_row(state: StateBlock, line: int, columns: int) -> None:
    row = getLine(state, line).strip()
    cells = escapedSplit(row.removeprefix("|"))
    lost = next((cell.strip() for cell in cells[columns:] if is_visible(unescape(cell))), "")
    if lost:
        error = TextError(
            f'this row has more cells than the head of its table, so "{shortened(lost)}" would not be shown',
            "add cells to the head and to the line of dashes below it; "
            r"if a | belongs to the text, write \|, or \vert in a formula",
            row,
            "lost-cell",
        )
        keep_fatal(state.env, error)
