"""Decks of the kinds that people publish, made here, imported and adopted: how much of them comes along.

`python -m tests.importing.nineteen` makes nineteen decks with Anki's library. They have the note types and the HTML of
decks in public repositories, and the same share of each; large ones have fewer notes. It imports each one, adopts it,
plays a learner through the bridges and the new build, and prints a table. Nothing here is a test: the figures depend on
what the decks are made of.
"""

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cuedeck.importing.reading import Wanted
from cuedeck.problems import Problems
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.importing import Imported, Options, import_deck
from cuedeck.usecases.rehearse import rehearse
from tests.anki.learner import collection, schedules, take
from tests.needing import needed
from tests.pictures import drawing, mp3

Fields = tuple[str, ...]
_BACK = "{{FrontSide}}<hr id=answer>"
_MOST = 300  # notes of a deck
# By hand: each note, each of its fields with markup, and each note of which something is lost, in seconds.
_PER_NOTE, _PER_MARKED_FIELD, _PER_LOSS = 45, 10, 10


@dataclass(frozen=True)
class Type:
    """A note type: its fields, the templates of its cards, and whether its text has deletions."""

    fields: Fields
    cards: tuple[tuple[str, str], ...]
    is_cloze: bool = False


@dataclass(frozen=True)
class Made:
    """A deck to make: how many notes it has, its note types in turn, and the fields of the note with a number."""

    name: str
    notes: int
    types: tuple[Type, ...]
    fields: Callable[[int, Type], Fields]
    tags: str = ""
    subdecks: int = 1
    has_media: bool = True


def _fronts(fields: Fields, *sides: tuple[str, str]) -> Type:
    return Type(fields, tuple((front, _BACK + back) for front, back in sides))


BASIC = _fronts(("Front", "Back"), ("{{Front}}", "{{Back}}"))
CLOZE = Type(("Text", "Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),), is_cloze=True)
OCCLUSION = Type(("Text", "Image"), (("{{cloze:Text}}{{Image}}", "{{cloze:Text}}{{Image}}"),), is_cloze=True)


def _turn(*htmls: str) -> Callable[[int], str]:
    """Return what gives the note with a number its HTML: one after the other, with the number in it."""
    return lambda number: htmls[number % len(htmls)].replace("#", str(number))


def _plain(*htmls: Callable[[int], str]) -> Callable[[int, Type], Fields]:
    """Return the fields of a note whose type has as many as there are."""

    def fields(number: int, type: Type) -> Fields:
        given = [html(number) for html in htmls]
        return tuple(given[at] if at < len(given) else "" for at in range(len(type.fields)))

    return fields


def _neet(number: int, type: Type) -> Fields:
    words = _turn(
        *("Term #", "<b>Term #</b> of the cell", "<em>Term</em> # in it", "Step #<br>of it", "Part # of the cell"),
        *("<hl>Term #</hl> and <em>more</em>", "<center>Term #</center>", "a # b"),
        *("H<sub>2</sub>O in step #", "<h3>Part #</h3><ul><li>one</li><li><hl>two</hl></li></ul>"),
        "<ul><li>a #<br>b</li><li>c</li></ul>",
    )
    if type is OCCLUSION:
        return f"{{{{c1::image-occlusion:rect:left=.{number}}}}}", '<img src="a.png">'
    if type.is_cloze:
        return f"In {{{{c1::{words(number)}}}}} there is {{{{c2::an enzyme}}}}", words(number + 3)
    return tuple(words(number + at) for at in range(len(type.fields)))


def _year3(number: int, type: Type) -> Fields:
    more = _turn("", "<div>see <u>page</u> #</div>", '<div><img src="a.png"></div>', "<br>and <b>so</b> on")(number)
    if type.is_cloze:
        is_blank = number % 4 == 0
        return f"The drug {number} {'lowers' if is_blank else '{{c1::lowers}}'} it{more}", ""
    return f"What is sign {number}?{more}", f"<div>A cause</div><div>of {number}</div>"


def _doniko(number: int, type: Type) -> Fields:
    if type is OCCLUSION:
        return f"{{{{c1::image-occlusion:rect:left=.{number}}}}}", '<img src="a.png">'
    answer = _turn("an answer #", '<img src="a.png">', "<b>an</b> answer #<br>more", "a # <span>b</span>", "plain #")
    return f"What is part {number}?", answer(number)


def _russian(number: int, type: Type) -> Fields:
    word = f'м<font color="#ff0000">о</font>локо {number}' if number % 2 else f"дом {number}"
    texts = [word, f"milk {number}", f"[sound:a{'' if number % 8 else 'x'}.mp3]", '<img src="a.png">']
    return tuple(texts[at] if at < len(texts) else f"form {at} {number}" for at in range(len(type.fields)))


def _by_type(number: int, type: Type) -> Fields:
    if type.is_cloze:
        return (f"A {{{{c1::demand}}}} curve {number}", "", "", "", "")[: len(type.fields)]
    return (f"<div>What is price {number}?</div>", f"It is {number}", "the market", "", "")[: len(type.fields)]


_LATEX = _turn(
    "[latex]\\begin{tabular}{l} beam # \\end{tabular}[/latex]<br><div>b</div>",
    '<div><img src="a.png"></div>[latex]\\includegraphics{#}[/latex]',
)
_SIX = ("{{A}}", "{{B}}"), ("{{B}}", "{{C}}"), ("{{C}}", "{{A}}"), ("Which? {{A}}", "{{B}}{{C}}")
DECKS = (
    Made("1 category", 1, (BASIC,), _plain(_turn("What is a functor?"), _turn("A map"))),
    Made("2 category, [$]", 11, (BASIC,), _plain(_turn("What is [$]F_#[/$]?<br>Say"), _turn("[$$]x^#[/$$]"))),
    Made(
        "3 video",
        18,
        (BASIC,),
        _plain(
            _turn('<iframe src="https://video.example.org/embed/v1/zhWDdy_5v2w/18/23"></iframe>'),
            _turn("what he says #"),
        ),
    ),
    Made(
        "4 Chinese, JS",
        3,
        (
            _fronts(
                tuple(f"F{n}" for n in range(17)),
                ("<div id=x>{{F0}}</div><script>f('{{F3}}')</script>", "{{F1}}{{F2}}"),
                ("{{F1}}", "{{F2}}{{F5}}"),
            ),
        ),
        _plain(_turn("字 #"), _turn("zì #", "<mark>zì</mark> #"), _turn("sign")),
    ),
    Made(
        "5 Polish, sounds",
        77,
        (
            _fronts(
                ("Id", "UA", "PL", "Audio", "More"),
                ("{{PL}}", "{{UA}}<br>{{Audio}}{{More}}"),
                ("{{UA}}", "{{PL}}<br>{{Audio}}{{More}}"),
            ),
        ),
        _plain(_turn("#"), _turn("слово #"), _turn("słowo #"), _turn("[sound:a.mp3]"), _turn("<ul><li>a</li></ul>")),
    ),
    Made(
        "6 Japanese, <style>",
        165,
        (BASIC,),
        _plain(_turn("<style>.x {color: red}</style><span class=x>言葉 #</span>"), _turn("a word<br>#")),
    ),
    Made(
        "7 geography",
        323,
        (
            _fronts(
                ("Country", "Info", "Capital", "Info 2", "Hint", "Flag", "Like", "Map"),
                ("Capital of {{Country}}", "{{Capital}}"),
                ("{{#Capital}}Country of {{Capital}}{{/Capital}}", "{{Country}}"),
                ("{{#Flag}}Which country? {{Flag}}{{/Flag}}", "{{Country}}"),
                ("Which country? {{Map}}", "{{Country}}"),
            ),
        ),
        _plain(
            _turn("Land #"),
            _turn(""),
            _turn("City #"),
            _turn(""),
            _turn(""),
            _turn('<img src="a.png">', ""),
            _turn(""),
            _turn('<img src="a.png">'),
        ),
    ),
    Made(
        "8 compilers",
        58,
        (BASIC,),
        _plain(
            _turn(
                "What does <code>ld #</code> do?",
                "Name # phases",
                "<div>What is</div><div>SSA #?</div>",
                "Why #?<br>Say",
            ),
            _turn("It loads", "[%edx,%eax] and *p #", "A form #"),
        ),
    ),
    Made("9 laser, [latex]", 160, (BASIC,), _plain(_turn("What is beam #?<br>And why?"), _LATEX), subdecks=6),
    Made(
        "10 medicine",
        59,
        (
            _fronts(
                ("Front", "Back", "Context", "Source", "Add Reverse"),
                ("{{Context}}<br>{{Front}}", "{{Back}}<br>{{Source}}"),
                ("{{#Add Reverse}}{{Context}}<br>{{Back}}{{/Add Reverse}}", "{{Front}}<br>{{Source}}"),
            ),
        ),
        _plain(
            _turn("How many #?"),
            _turn("<i>few</i> #", "# of 9"),
            _turn("virus"),
            _turn('<a href="https://example.org/#">study #</a>', ""),
            _turn("y", "", "", "", "", ""),
        ),
        tags="covid",
    ),
    Made(
        "11 economics",
        85,
        (
            _fronts(
                ("Front", "Back", "Context", "Instruction", "Source"),
                ("{{Instruction}} {{Context}}<br>{{Front}}", "{{Back}}{{Source}}"),
            ),
            Type(
                ("Text", "Extra", "Context", "Instruction", "Source"),
                (("{{cloze:Text}}", "{{cloze:Text}}{{Extra}}"),),
                True,
            ),
        ),
        _by_type,
        tags="Source::Openstax",
    ),
    Made(
        "12 biology",
        1997,
        (
            _fronts(("Front", "Back"), ("{{Front}}", "{{Back}}"), ("{{Back}}", "{{Front}}")),
            _fronts(("Front", "Back"), ("{{Front}}", "{{Back}}"), ("{{Back}}", "{{Front}}")),
            CLOZE,
            _fronts(("Front", "Back"), ("{{Front}}", "{{Back}}"), ("{{Back}}", "{{Front}}")),
            CLOZE,
            _fronts(("A", "B", "C"), *_SIX),
            CLOZE,
            OCCLUSION,
        ),
        _neet,
        tags="neet",
        subdecks=38,
    ),
    Made("13 medicine, lectures", 454, (BASIC, CLOZE), _year3, tags="Y3::Med_A::CCT:LO1 Y3::Med"),
    Made(
        "14 biology, school",
        578,
        (BASIC, BASIC, BASIC, BASIC, CLOZE, OCCLUSION),
        lambda number, kind: (f"A {{{{c1::part}}}} of {number}", "") if kind is CLOZE else _doniko(number, kind),
        tags="bio",
    ),
    Made(
        "15 general",
        41,
        (BASIC, CLOZE),
        lambda number, kind: (
            (f"x<sup>{number}</sup> is {{{{c1::a}}}} power", 'see <a href="https://example.org">it</a>')
            if kind.is_cloze
            else (
                f"What is {number}?<br>Say",
                "<table><tr><td>a</td></tr></table>" if number == 2 else f"<div>n {number}</div>",
            )
        ),
        subdecks=5,
    ),
    Made(
        "16 programming, Chinese",
        34,
        (_fronts(("问题", "答案", "扩展", "出处", "标签", "备注"), ("{{问题}}", "{{答案}}<br>{{扩展}}<br>{{出处}}")),),
        _plain(
            _turn("什么是 git #？"), _turn("<div>工具</div><div>#</div>", "分支<br>#"), _turn("", "更多"), _turn("书")
        ),
    ),
    Made(
        "17 maths",
        59,
        (
            _fronts(
                tuple(f"M{n}" for n in range(9)),
                ("{{M0}} = ?", "{{M1}}"),
                ("{{M1}} = ?", "{{M0}}"),
                ("{{#M2}}{{M2}} ?{{/M2}}", "{{M3}}"),
                ("{{#M4}}{{M4}} ?{{/M4}}", "{{M5}}"),
            ),
        ),
        _plain(_turn("\\(x^#\\)"), _turn("\\(y_#\\)"), _turn("<b>nom</b> #", ""), _turn("sens #")),
        subdecks=6,
    ),
    Made(
        "18 vocabulary, JS",
        1077,
        (
            _fronts(
                ("W", "A", "M", "E", "P", "K", "S"),
                ("<div>{{W}}</div><script>g()</script>", "{{A}} {{S}}"),
                ("{{M}}", "{{W}} {{E}}"),
            ),
        ),
        _plain(
            _turn("語 #"),
            _turn("go #"),
            _turn("word #"),
            _turn("例 #"),
            _turn("n"),
            _turn("k"),
            _turn("[sound:x#.mp3]"),
        ),
    ),
    Made(
        "19 vocabulary, course",
        3606,
        (
            _fronts(
                ("Russisch", "Deutsch", "Ton", "Bild"),
                ("{{Russisch}}", "{{Deutsch}}{{Ton}}{{Bild}}"),
                ("{{Deutsch}}", "{{Russisch}}{{Ton}}"),
            ),
            _fronts(
                ("R", "D", "T", "B", "F1", "F2", "F3", "F4"),
                ("{{R}}", "{{D}}{{T}}"),
                ("{{D}}", "{{R}}"),
                ("{{F1}}?", "{{R}}"),
            ),
            _fronts(("R", "D", "T", "B", "F1", "F2", "F3", "F4"), ("{{R}}", "{{D}}{{T}}{{B}}"), ("{{F1}}", "{{F2}}")),
        ),
        _russian,
        subdecks=103,
    ),
)


@dataclass(frozen=True)
class Outcome:
    """What came of a deck: how many notes it had, and how many cards of them keep their schedule."""

    notes: int
    cards: int
    done: Imported
    kept: int
    verdict: str

    @property
    def minutes(self) -> float:
        """How long the work takes that is left to do by hand."""
        left = sum(
            _PER_NOTE + _PER_MARKED_FIELD * sum("<" in html or "[" in html for html in each.texts.values())
            for each in self.done.left_out
        )
        return (left + _PER_LOSS * sum(bool(note.losses or note.without) for note in self.done.notes)) / 60


def _packed(made: Made, folder: Path) -> tuple[Path, int]:
    """Make a deck in the collection of its owner, and export it. Returns the package and how many cards it has."""
    library = needed("anki.collection")
    top = made.name.partition(" ")[2]
    with collection(folder / "owner") as owner:
        if made.has_media:
            for name, data in (("a.png", drawing(9, 9)), ("a.mp3", mp3())):
                owner.media.write_data(name, data)
        models = {}
        for number, type in enumerate(dict.fromkeys(made.types), 1):
            model = owner.models.new(f"{top} {number}")
            model["type"] = int(type.is_cloze)
            for field in type.fields:
                owner.models.add_field(model, owner.models.new_field(field))
            for at, (front, back) in enumerate(type.cards, 1):
                template = owner.models.new_template(f"Card {at}")
                template["qfmt"], template["afmt"] = front, back
                owner.models.add_template(model, template)
            owner.models.add(model)
            models[type] = owner.models.by_name(f"{top} {number}")
        types = itertools.cycle(made.types)
        for number, type in zip(range(1, min(made.notes, _MOST) + 1), types, strict=False):
            note = owner.new_note(models[type])
            note.fields = list(made.fields(number, type))
            note.tags = made.tags.split()
            name = f"{top}::{number % made.subdecks + 1}" if made.subdecks > 1 else top
            owner.add_note(note, owner.decks.id(name))
        options = library.ExportAnkiPackageOptions(with_media=True, legacy=True)
        limit = library.DeckIdLimit(owner.decks.id(top))
        owner.export_anki_package(out_path=str(folder / "old.apkg"), options=options, limit=limit)
        return folder / "old.apkg", owner.card_count()


def _went_over(old: Path, cards: Path, folder: Path) -> tuple[int, str]:
    """Adopt a package and play its learner. Returns how many cards keep their schedule, and what a rehearsal says."""
    try:
        adopted = adopt(old, cards)
        verdict = "nothing is lost" if rehearse(old, cards).lossless else "something is lost"
        new = build(cards).package
    except Problems as problems:
        return 0, problems.problems[0].rule
    with collection(folder / "learner") as learner:
        take(learner, old)
        learner.db.execute("update cards set type = 2, queue = 2, ivl = 10, due = 9, factor = 2500, reps = 3")
        before = schedules(learner)
        for bridge in adopted.packages:
            take(learner, bridge)
        take(learner, new, merge_notetypes=True)
        after = schedules(learner)
        arrived = learner.find_cards('"Note ID:_*"')
    return sum(before.get(id) == after[id] for id in arrived), verdict


def outcomes(decks: Sequence[Made]) -> Iterator[tuple[Made, Outcome]]:
    """Make, import and adopt each deck."""
    for made in decks:
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home)
            old, cards = _packed(made, folder)
            done = import_deck(old, folder / "new", Options(Wanted()), lossy=True)
            kept, verdict = _went_over(old, folder / "new" / "cards.yaml", folder)
            yield made, Outcome(min(made.notes, _MOST), cards, done, kept, verdict)


def main() -> None:
    """Print the table, of the decks whose numbers are given, or of all."""
    chosen = [made for made in DECKS if not sys.argv[1:] or made.name.split()[0] in sys.argv[1:]]
    heads = "deck", "notes", "cards", "lossless", "with losses", "left out", "cards that keep their schedule", "minutes"
    print(f"| {' | '.join(heads)} |")
    print("| --- " * len(heads) + "|")
    for made, each in outcomes(chosen):
        lossy = len(each.done.notes) - each.done.lossless
        whole = each.done.lossless / max(len(each.done.notes) + len(each.done.left_out), 1)
        row = (
            made.name,
            each.notes,
            each.cards,
            f"{whole:.0%}",
            lossy,
            len(each.done.left_out),
            f"{each.kept / each.cards:.0%} ({each.verdict})",
            f"{each.minutes:.0f}",
        )
        print(f"| {' | '.join(map(str, row))} |", flush=True)


if __name__ == "__main__":
    main()
