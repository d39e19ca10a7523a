"""Rules on pictures and sounds."""

import contextlib
from collections.abc import Iterator

from cuedeck.advice.material import Advice, Material, Shown
from cuedeck.media.clips import is_clip
from cuedeck.media.files import MediaFile
from cuedeck.media.inspecting import how_to_remove
from cuedeck.media.lengths import seconds_of
from cuedeck.media.listing import files_beside, unused
from cuedeck.patterns import regex
from cuedeck.problems import Problems, visible
from cuedeck.rendering.usedfiles import UsedFile
from cuedeck.wording import counted, listed, megabytes

_LARGEST_PICTURE = 2_000_000
_MOST_PIXELS = 3000
_LARGEST_SOUND = 1_000_000
_LONGEST_SOUND = 30  # seconds
_LARGEST_DECK = 50_000_000
_MOST_FILES = 500
_MOST_NAMED = 5

_WITHOUT_WORDS = regex(r'<img src="[^"]*" alt=""')


def no_alt_text(note: Shown) -> Iterator[Advice]:
    """A picture has no words that say what it shows.

    Why: learners who cannot see the picture hear these words instead, and everybody reads them if the file is missing,
    which happens if it was deleted in Anki. (Nobody sees or hears the words of a sound in Anki, so it may be without.)

    Way out: write into the brackets what there is to see, in as many words as you would use on the telephone. On the
    side that asks, describe it without giving the answer away.

    Bad:

        q: What is the sum of these two arrows? ![](media/arrows.png)
        a: The dotted arrow

    Good:

        q: What is the sum of these two arrows? ![two arrows, tip to tail, and a dotted one](media/arrows.png)
        a: The dotted arrow
    """
    for key, html in note.html.items():
        if _WITHOUT_WORDS.search(html):
            yield Advice(
                (*note.keys, key),
                "a picture has no words for those who cannot see it",
                "write into the brackets what there is to see: ![what it shows](media/file.png)",
                "![](",
            )


def large_picture(material: Material) -> Iterator[Advice]:
    """A picture has many more bytes or pixels than a card can show.

    Why: each learner downloads it, keeps it on each device, and synchronizes it through AnkiWeb. Anki makes a picture
    as small as the screen, and that takes long on a phone if the picture is large.

    Limit: 2 MB, and 3000 pixels in a side. Most pictures are as good with 1000 pixels and 200 kB.

    Way out: save it with fewer pixels, a photograph as JPEG and a drawing as PNG. Cuedeck never changes the file
    itself. If cards need every detail, switch the rule off for the note.

    Bad:

        q: Which colour has this wall? ![a wall](media/wall.png)
        a: Blue

    Good:

        q: Which colour is under the sky? ![a field under a blue sky](media/field.jpg)
        a: Green
    """
    for used in material.files:
        looked_at = material.pictures.get(used.path)
        too_wide = looked_at and max(looked_at.width, looked_at.height) > _MOST_PIXELS
        if used.file.kind == "picture" and (too_wide or used.file.size > _LARGEST_PICTURE):
            pixels = f"{looked_at.width} x {looked_at.height} pixels and " if looked_at else ""
            yield _on_file(
                used,
                f"has {pixels}{megabytes(used.file.size)}, more than a card can show",
                "save it with at most 2000 pixels in a side, a photograph as JPEG",
            )


def large_sound(material: Material) -> Iterator[Advice]:
    """A sound is longer than a card should be, or hardly compressed.

    Why: each learner downloads it, keeps it on each device, and synchronizes it through AnkiWeb. And a sound of half a
    minute is half a minute of each review: Anki's manual advises learners to give up on a card after about ten seconds.

    Limit: 30 seconds, and 1 MB, which is a minute of speech in good quality.

    Way out: cut it to what the card is about, and save it as MP3 with 64 kbit/s for speech or 128 for music. The link
    to the moment leads to the rest.

    Bad:

        q: Which bird is this? ![a song](media/whole-song.mp3)
        a: A blackbird

    Good:

        q: Which bird is this? ![the beginning of a song](media/word.mp3)
        a: A blackbird
    """
    for used in material.files:
        if used.file.kind != "sound":
            continue
        if used.file.size > _LARGEST_SOUND:
            yield _on_file(
                used,
                f"has {megabytes(used.file.size)}, which is long for a card",
                "cut it to what the card is about, and save it as MP3 with 64 kbit/s for speech or 128 for music",
            )
        elif (seconds := _seconds(used.file)) > _LONGEST_SOUND:
            yield _on_file(
                used, f"lasts {seconds} seconds, which is long for a card", "cut it to what the card is about"
            )


def _seconds(sound: MediaFile) -> int:
    """Return how long a sound plays, in whole seconds; 0 if that cannot be read."""
    with contextlib.suppress(Problems):
        return round(seconds_of(sound.read(), sound.path))
    return 0


def m4a_sound(material: Material) -> Iterator[Advice]:
    """A sound is an M4A file, which not every device plays.

    Why: Anki's manual ("Media") names MP3 as the format of sounds that most devices play. M4A files play on a computer,
    on iPhones and on most Android phones, but what is inside them differs.

    Way out: save it as MP3.

    Bad:

        q: How is the Norwegian word for "word" said?
        a: "![said aloud](media/word.m4a)"

    Good:

        q: How is the Norwegian word for "word" said?
        a: "![said aloud](media/word.mp3)"
    """
    for used in material.files:
        if used.path.lower().endswith(".m4a"):
            yield _on_file(used, "is an M4A file, which not every device plays", "save it as MP3")


def picture_location(material: Material) -> Iterator[Advice]:
    """A picture says where it was taken, or who owns the camera.

    Why: phones write the place into each photograph, to a few metres, and cameras write their serial number and often
    the name of the owner. Cards do not show it, but whoever has the package can read it, and nothing that was handed
    out in a package for Anki can be called back. So `cuedeck release` and `cuedeck share` stop at it, even if `check:
    ignore:` names it.

    How it is found: from the metadata of JPEG, PNG and WebP files, in the forms of EXIF and XMP. Notes that makers of
    cameras keep in forms of their own are not read.

    Way out: Cuedeck never changes the file, so remove the metadata once, with a program for that. This command of
    ExifTool (https://exiftool.org) keeps the picture itself, its orientation and its colours, and leaves no copy:

    `exiftool -overwrite_original -all= -tagsfromfile @ -Orientation -ICC_Profile FILE`

    If earlier commits or packages contain the picture as it was, they still do.

    Bad:

        q: Which plant covers this field? ![a green field under a blue sky](media/at-home.jpg)
        a: Grass

    Good:

        q: Which plant covers this field? ![a green field under a blue sky](media/field.jpg)
        a: Grass
    """
    for used in material.files:
        looked_at = material.pictures.get(used.path)
        if looked_at and looked_at.is_personal:
            yield _on_file(used, looked_at.told, f"remove that once, before a release: {how_to_remove(used.path)}")


def same_file(material: Material) -> Iterator[Advice]:
    """Two files that notes name have the same bytes.

    Why: learners get only one of them, since the bytes decide on the name of a file in Anki. But if you correct one of
    the two, the other stays as it is, and some cards show the old picture.

    Way out: name one of the two in all notes, and delete the other. No card changes by that.

    Bad:

        first:
          q: What is the sum of these two arrows? ![two arrows and a dotted one](media/arrows.png)
          a: The dotted arrow
        second:
          q: From where to where does the dotted arrow go? ![two arrows and a dotted one](media/arrows-copy.png)
          a: From the start of the first to the tip of the second

    Good:

        first:
          q: What is the sum of these two arrows? ![two arrows and a dotted one](media/arrows.png)
          a: The dotted arrow
        second:
          q: From where to where does the dotted arrow go? ![two arrows and a dotted one](media/arrows.png)
          a: From the start of the first to the tip of the second
    """
    first: dict[str, UsedFile] = {}
    for used in material.files:
        if is_clip(used.path):  # each moment has a clip of its own
            continue
        same = first.setdefault(used.file.sha256, used)
        if same is not used:
            yield _on_file(
                used,
                f'has the same bytes as "{visible(same.path)}"',
                "name one of the two in all notes, and delete the other; no card changes by that",
            )


def unused_file(material: Material) -> Iterator[Advice]:
    """Files beside the pictures and sounds of the deck are used by no note.

    Why: learners do not get them, since Anki imports only the files that notes name. If a note should show one, it is
    missing; if none should, it only makes the repository larger.

    How it is found: the files in `media/` and below it, and in other folders from which notes take files, are compared
    with those that notes name. Notes that are retired do not count. Files whose names occur in another YAML file of the
    folder are left out, and so are formats that no card can have, because a picture may be made from such a file. If no
    note has a picture or sound, nothing is reported.

    Way out: name the file in a note, or delete it. `cuedeck media --prune` prints the paths of all of them.

    Bad:

        sum:
          q: What is the sum of these two arrows? ![two arrows and a dotted one](media/arrows.png)
          a: The dotted arrow
        field:
          q: Which plant covers this field? ![a green field under a blue sky](media/field.jpg)
          a: Grass
          retired: It has nothing to do with arrows.

    Good:

        sum:
          q: What is the sum of these two arrows? ![two arrows and a dotted one](media/arrows.png)
          a: The dotted arrow
        field:
          q: Which plant covers this field? ![a green field under a blue sky](media/field.jpg)
          a: Grass
    """
    used = [each.path for each in material.files]
    if used and material.cards:
        left = unused(files_beside(material.cards.parent, used), used, material.cards)
        if left:
            are = "is" if len(left) == 1 else "are"
            yield Advice(
                ("deck",),
                f"{counted(len(left), 'file')} {are} used by no note: {listed([*map(visible, left)], _MOST_NAMED)}",
                'name them in notes, or delete them; "cuedeck media --prune" prints all of them',
            )


def many_files(material: Material) -> Iterator[Advice]:
    """The pictures and sounds of the deck are very many, or very large together.

    Why: each learner downloads all of them with each release, and synchronizes them through AnkiWeb. Anki compares each
    file with the media folder at each import, and the first synchronization of many files takes long.

    Limit: 50 MB, or 500 files.

    Way out: make the largest ones smaller (`cuedeck media` lists all sizes), link to the recording instead of including
    pieces of it, or split the deck.

    Bad:

        check:
          ignore:
            large-sound: The deck is about whole dawns.
        concepts:
          dawn:
            title: Dawn
            at: 1:00:00
            notes:
              first:
                q: Which bird is the first one? ![a dawn](media/whole-dawn.mp3)
                a: The blackbird

    Good:

        concepts:
          dawn:
            title: Dawn
            at: 1:00:00
            notes:
              first:
                q: Which bird is the first one? ![the beginning of a dawn](media/word.mp3)
                a: The blackbird
    """
    sizes = {used.file.name: used.file.size for used in material.files}
    if len(sizes) > _MOST_FILES or sum(sizes.values()) > _LARGEST_DECK:
        yield Advice(
            ("deck",),
            f"the deck has {counted(len(sizes), 'picture or sound', 'pictures and sounds')} with "
            f"{megabytes(sum(sizes.values()))}, which each learner downloads and synchronizes",
            'make the largest ones smaller ("cuedeck media" lists them), link to the recording, or split the deck',
        )


def _on_file(used: UsedFile, words: str, hint: str) -> Advice:
    """Return advice on a file, at the place where it is used first."""
    others = tuple(id for id in used.notes if id != used.at[3])
    name = used.path.rpartition("/")[2]
    return Advice(used.at, f'"{visible(used.path)}" {words}', hint, name, others, file=used.path)
