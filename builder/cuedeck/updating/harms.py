"""Every kind of harm by its name: what does it, whether it is refused, what it costs, and its words everywhere.

All that is said of a hazard stands here: to authors in messages and in the README, to learners in release notes, and to
those who imported a draft. Words in braces are the facts of one case, which come with the hazard. Only its page is
elsewhere, in `explaining/hazards.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Harm:
    """What is true of every hazard of one name.

    edit, because   what does it, and why it is a hazard: a row of the table in the README
    happened        what is seen, and, after a colon,
    effect          what learners would come to by it
    way_out         what an author does instead
    refused         a build stops until the author accepts it; what is not refused is warned of
    costs_progress  reviews are lost, or count for what was never learned: a release with it is a major one
    as_a_whole      one edit has it under several subjects, and to accept one of them is to accept all
    to_learners     what they may want to know and do; {search} finds the notes in Anki's browser, {notes} counts them
    to_drafters     the same for those who imported a draft, of what only drafts had; nothing where it is no matter
    builds_miss     how much of it a build cannot see, because only a comparison of two packages shows it
    """

    edit: str
    because: str
    happened: str
    effect: str
    way_out: str
    refused: bool = False
    costs_progress: bool = False
    as_a_whole: bool = False
    to_learners: str = ""
    to_drafters: str = ""
    builds_miss: Literal["nothing", "some", "all"] = "nothing"


_RESET = "To start these cards anew, choose *Reset* for the notes that {search} finds."
_REPLACED = "and with them your own edits and tags on those."
_BLANK = "Some cards are blank now. *Tools > Empty Cards* removes them."
_RESET_THEM = 'reset the cards of "{note}", which {search} finds, since their reviews are of something else'
_DELETE_OLD = "delete the notes that {search} finds, or you have it twice"
_WRONG_ANSWER = "learners' reviews would count for the wrong answer"
_WRONG_QUESTION = "learners' reviews would count for the wrong question"

# The ways out of another guid: in a deck of ours, in one that was another tool's, and in one that is.
KEEP_GUID = 'take "guid:" out, or put back what it was'
GO_ON_FROM_GUID = "write what Anki knows it by into the note, as guid: {old}, and take the old deck over: cuedeck adopt"
GIVE_GUIDS = (
    "give each note a guid of its own that stays when its text changes, and this one the guid that it had: {old}; "
    "genanki makes one of all fields where it is given none: genanki.Note(guid=...)"
)

HARMS: Mapping[str, Harm] = {
    "cloze-moved": Harm(
        edit="cloze numbers change places",
        because="reviews would count for the wrong answer; the right numbering is printed",
        happened="{moves}",
        effect=_WRONG_ANSWER,
        way_out="number the deletions so: {numbering}",
        refused=True,
        costs_progress=True,
        to_learners=f"In some texts the gaps changed places, so that reviews of one gap count for another. {_RESET}",
        to_drafters=_RESET_THEM,
    ),
    "cloze-replaced": Harm(
        edit="a cloze number asks for another answer",
        because="reviews would count for the wrong answer: use a fresh number",
        happened='number {number} asked for "{old}" and asks for "{new}" now, in another sentence',
        effect=_WRONG_ANSWER,
        way_out="give the new deletion a fresh number, such as c{fresh}",
        refused=True,
        costs_progress=True,
        to_learners=f"Some gaps ask for another answer now, so that old reviews count for it. {_RESET}",
        to_drafters=_RESET_THEM,
    ),
    "question-moved": Harm(
        edit="questions change places",
        because="reviews would count for the wrong question",
        happened='"{note}" asks what "{other}" asked',
        effect=_WRONG_QUESTION,
        way_out="put each text back under its own id",
        refused=True,
        costs_progress=True,
        to_learners=f"Some questions changed places, so that reviews of one count for another. {_RESET}",
        to_drafters=_RESET_THEM,
    ),
    "question-replaced": Harm(
        edit="a question and its answer are wholly other ones",
        because="reviews would count for the wrong question: use a new id",
        happened='"{note}" asked "{old}" and asks "{new}" now, with another answer',
        effect=_WRONG_QUESTION,
        way_out="give the new question a new id, and retire the old one",
        refused=True,
        costs_progress=True,
        to_learners=f"Some cards ask another question now, so that old reviews count for it. {_RESET}",
        to_drafters=_RESET_THEM,
    ),
    "kind-changed": Harm(
        edit="a question became a cloze, or the reverse",
        because="Anki would ignore it: use a new id",
        happened='"{note}" was a {old} note and is a {new} note now',
        effect="Anki never brings such a change to learners",
        way_out="keep the kind, or write the new note under a new id",
        refused=True,
        costs_progress=True,
        to_learners="Some questions have another form now, which Anki does not bring to notes that are there. To get "
        "them, delete the notes that {search} finds, and import the deck again; their progress begins anew.",
        to_drafters="Anki never brings that to a note that is there; delete the notes that {search} finds, and import "
        "the deck again",
    ),
    "looks-renamed": Harm(
        edit="the same words under a new id",
        because="progress would stay with the old one: add `was:`",
        happened='the note "{note}" says what "{old}" said, which is gone',
        effect="learners would get it as a new card, and their progress would stay with the old one",
        way_out='if it is the same note, add the line "was: {old}" to it',
        refused=True,
        costs_progress=True,
        to_learners="Some notes come as new ones, and what you learned stays with the old.",
        to_drafters=_DELETE_OLD,
    ),
    "guid-changed": Harm(
        edit="another `guid:` for a note that is there, or the same note of another tool under another guid",
        because="learners would have it twice, and progress would stay with the first",
        happened='Anki knows the note "{note}" by the guid "{old}", and would take it for a new one under "{new}"',
        effect="learners would get it a second time, and their progress would stay with the first",
        way_out="{keep}",
        refused=True,
        costs_progress=True,
        to_learners="Some notes come a second time, as new ones, and what you learned stays with the first. In Anki's "
        "browser, {search} finds both.",
        to_drafters=_DELETE_OLD,
    ),
    "type-changed": Harm(
        edit="note types of another shape",
        because="Anki would stop all updates",
        happened="{became}",
        effect="Anki would stop all updates of its notes{and_more}",
        way_out="build with the version of cuedeck that built the deck before; for a deck that another tool made, run "
        '"cuedeck adopt" and hand out its bridge first',
        refused=True,
        costs_progress=True,
        as_a_whole=True,
        to_learners="First import the bridge that came before this version, as it is. Then, for this update only, tick "
        "*Merge note types* in the import options. Without the bridge, leave it off.",
        to_drafters="Anki updates none of its notes; delete them, and import the deck again",
    ),
    "title-changed": Harm(
        edit="the deck's title, a source's `deck`",
        because="Anki would make a second deck, and leave the old cards where they are",
        happened='the deck was called "{old}" and is called "{new}" now',
        effect="Anki finds decks by name, so learners would get a second deck while their cards stay in the old one",
        way_out="{keep}",
        refused=True,
        as_a_whole=True,
        to_learners="A deck has another name now: new cards go there, and yours stay in the old one, with all their "
        "progress. To have them together, move yours.",
        to_drafters="your cards stay in the old one; move them, or delete it",
    ),
    "unretired": Harm(
        edit="the id of a note that was retired",
        because="it is that note's for good; accept it to bring that note back",
        happened='the note "{note}" was retired ({why}), and its id is not free for another',
        effect="learners who kept the old note would find it changed into this one",
        way_out="give a new note a new id; to bring this very note back, accept it",
        refused=True,
        to_learners="Notes that had left the deck are back. If you kept yours, your progress goes on.",
    ),
    "lock-lost": Harm(
        edit="the lock is missing, or older than what was handed out",
        because="learners' own edits would be replaced",
        happened="{lost}",
        effect="learners' own edits and tags on them would be replaced",
        way_out="{bring_back}",
        refused=True,
        to_learners=f"Notes are replaced though nothing in them changed, {_REPLACED}",
    ),
    "stale": Harm(
        edit="a package that was built without the lock of the older one",
        because="learners would never get its edits",
        happened='"{note}" differs, but its time is not newer than what learners have',
        effect="they never get it",
        way_out="{rebuild}",
        refused=True,
        builds_miss="all",
        to_learners="Some corrections do not reach notes that are there: those that {search} finds.",
        to_drafters="yours stays as it is until the note next changes",
    ),
    "cloze-gone": Harm(
        edit="a cloze number is taken out",
        because="learners keep a blank card until *Tools > Empty Cards*",
        happened='number {number} ("{old}") is gone',
        effect="its card stays with learners, and says that it has no cloze",
        way_out="tell learners to use Tools > Empty Cards, or put the deletion back",
        to_learners=_BLANK,
        to_drafters='its card stays with "{note}", and is blank; Tools > Empty Cards removes it',
    ),
    "reverse-gone": Harm(
        edit="`reverse: true` is taken out",
        because="learners keep a blank card until *Tools > Empty Cards*",
        happened='"{note}" no longer has a reverse card',
        effect="learners keep theirs, and its front is blank",
        way_out="tell learners to use Tools > Empty Cards, or put reverse: true back",
        to_learners=_BLANK,
        to_drafters="yours stays, and is blank; Tools > Empty Cards removes it",
    ),
    "card-added": Harm(
        edit="a card more on a note that is there",
        because="learners who edited the note themselves get the card without its text",
        happened='"{note}" gets {card}',
        effect="learners who edited the note themselves get the card, but not the text for it",
        way_out="nothing is lost; put what is new into a note of its own, or accept this",
        to_learners="Some notes have one more card. On a note that you edited yourself, the new card may be blank.",
    ),
    "vanished": Harm(
        edit="a note taken out of the file",
        because="learners keep it forever; say `retired:` with the reason",
        happened='the note "{note}" is no longer in the {where}',
        effect="learners who have it keep it for ever",
        way_out='put it back, with "retired:" and the reason; learners find it in Anki\'s browser by {search}',
    ),
    "cards-stay": Harm(
        edit="a note that belongs to another subdeck now",
        because="cards that learners have stay where they are",
        happened='{count} of the deck "{old}" {belong} to "{new}" now, such as "{first}"',
        effect="cards that learners have stay where they are",
        way_out="nothing is lost; learners may move them",
        builds_miss="some",
        to_learners="Some notes belong to another deck now. Cards that you have stay where they are, with all their "
        "progress; move those of {search} if you like.",
        to_drafters="cards that you have stay where they are; move them if you like",
    ),
    "rerendered": Harm(
        edit="a newer version of Cuedeck that renders some marks otherwise",
        because="the notes that use such a mark are replaced, though nobody edited them",
        happened="{count} that nobody edited {looks} different with this version of Cuedeck ({names})",
        effect="learners get {it} anew, without their own edits and tags on {it}; reviews stay, and no other note is "
        "touched",
        way_out="look at {it} in cuedeck preview; if all is well, accept this at the release. To leave learners what "
        "they have, go on with the version of Cuedeck that built the last one",
        to_learners="Notes that a new version of the tool shows otherwise, though nobody edited them, are replaced as "
        f"a whole, {_REPLACED}",
    ),
    "link-changed": Harm(
        edit="a link in a note itself leads to another address",
        because="that note is replaced for it",
        happened='a link of "{note}" led to {old} and leads to {new} now',
        effect="the note is replaced as a whole, and with it learners' own edits and tags on it",
        way_out="open both to see which is right; to keep the old one, write it under link:, with {{seconds}} for the "
        "time",
        as_a_whole=True,
        to_learners=f"Some links lead to another address now. Notes that hold one are replaced as a whole, {_REPLACED}",
    ),
    "not-adopted": Harm(
        edit="a `guid:` that was not taken over with `cuedeck adopt`",
        because="Anki refuses the note to all who have one with that guid",
        happened='the note "{note}" has a guid that {whose}',
        effect="Anki refuses it to all who have that note, now and at every update; to all others it comes as a new "
        "one",
        way_out="{adopt}",
        to_learners="Some notes come from another deck. If you have that, Anki leaves those that {search} finds as "
        "they are.",
    ),
    "deck-id-changed": Harm(
        edit="the deck's id",
        because="all notes with tags are replaced",
        happened='the id of the deck was "{old}" and is "{new}" now',
        effect="all tags stand under it, so every note that had one is replaced, and with it learners' own edits and "
        "tags",
        way_out="put {old} back",
        to_learners=f"Notes with tags are replaced as a whole, {_REPLACED}",
        to_drafters="all notes with tags are replaced as a whole",
    ),
    "main-source-gone": Harm(
        edit="the main source of the last release taken out, or given another id and address at once",
        because="the first source takes its place, and all of its notes are replaced; put it back, be it without notes",
        happened='the main source was "{old}" and is "{new}" now',
        effect='all of its notes that learners have ({count}, such as "{first}") are replaced, and with them '
        "learners' own edits and tags",
        way_out='put "{old}" back, which may stand there without notes; if it is there, give it the id or the address '
        "back that it had",
        to_learners=f"Another recording is the main one now, and its notes are replaced as a whole, {_REPLACED}",
    ),
    "mass-update": Harm(
        edit="an edit of something that many notes show, such as the title of their concept",
        because="many notes are replaced for a reason that is none of their own",
        happened='{count} are replaced {cause}, such as "{first}"',
        effect="learners' own edits and tags on them are gone once",
        way_out="put it back if it is not worth that",
        builds_miss="all",
        to_learners=f"{{notes}} are replaced as a whole, {_REPLACED}",
    ),
}
