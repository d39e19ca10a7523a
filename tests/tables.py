"""Writes the README's tables of hazards from what the builder declares: `python -m tests.tables`, or `make tables`."""

from pathlib import Path

from cuedeck.updating.harms import HARMS, Harm

README = Path(__file__).resolve().parent.parent / "README.md"
_BEGIN, _END = "<!-- hazards: make tables -->\n", "<!-- end of hazards -->\n"


def hazard_tables() -> str:
    """Return the two tables of hazards, in the order in which they are declared."""
    refused = [
        _row(name, harm, ["yes" if harm.costs_progress else "no"]) for name, harm in HARMS.items() if harm.refused
    ]
    warned = [_row(name, harm, []) for name, harm in HARMS.items() if not harm.refused]
    return (
        "| refused | because | costs progress |\n| --- | --- | --- |\n"
        + "".join(refused)
        + "\nAn id or guid that belongs to another note (`taken-id`, `bad-was`) cannot be accepted.\n\n"
        + "| warned of | because |\n| --- | --- |\n"
        + "".join(warned)
    )


def _row(name: str, harm: Harm, more: list[str]) -> str:
    return f"| {' | '.join([f'`{name}`: {harm.edit}', harm.because, *more])} |\n"


def with_tables(text: str) -> str:
    """Return the text of the README with the tables as they are declared now."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{hazard_tables()}\n{_END}{after}"


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
