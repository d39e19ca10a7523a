"""How long a sound plays, from its headers: nothing is decoded.

The frames of an MP3 file are described at http://www.mp3-tech.org/programmer/frame_header.html, the boxes of an M4A
file in ISO/IEC 14496-12.
"""

from cuedeck.media.kinds import ending_of

_TAG = b"ID3"
_TAG_HEAD = 10
# In kbit/s, of layer III, by MPEG-1 or not. The first index means that the frame does not say it.
_BIT_RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = (44_100, 48_000, 32_000)
_DIVIDED_BY = {3: 1, 2: 2, 0: 4}  # by the number of the version: MPEG-1, MPEG-2 and MPEG-2.5
_LAYER_III = 1


def seconds_of(data: bytes, name: str) -> float:
    """Return how long a sound plays, in seconds; 0 if that cannot be read. `name` says its format."""
    return _of_m4a(data) if ending_of(name) == "m4a" else _of_mp3(data)


def _of_mp3(data: bytes) -> float:
    """Return the length of all frames. Each says its own, since the bit rate may change from one to the next."""
    place, seconds = 0, 0.0
    while data.startswith(_TAG, place):
        size = 0
        for byte in data[place + 6 : place + _TAG_HEAD]:
            size = size << 7 | byte & 0x7F
        place += _TAG_HEAD + size
    while (place := data.find(b"\xff", place)) >= 0:
        size, lasts = _frame(data[place : place + 3])
        seconds += lasts
        place += size or 1
    return seconds


def _frame(head: bytes) -> tuple[int, float]:
    """Return the size of a frame in bytes and its length in seconds, from its first bytes; 0 and 0 if it is none."""
    if len(head) < 3 or head[1] & 0xE0 != 0xE0 or head[1] >> 1 & 3 != _LAYER_III:
        return 0, 0
    version, bit_rate, sample_rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _DIVIDED_BY or bit_rate in (0, 15) or sample_rate == 3:
        return 0, 0
    is_first = version == 3
    samples = 1152 if is_first else 576
    rate = _SAMPLE_RATES[sample_rate] // _DIVIDED_BY[version]
    size = samples // 8 * _BIT_RATES[is_first][bit_rate] * 1000 // rate + (head[2] >> 1 & 1)
    return size, samples / rate


def _of_m4a(data: bytes) -> float:
    """Return the length that the header of the whole film says, of which the sound is a part."""
    place = data.find(b"mvhd") + 4
    wide = data[place : place + 1] == b"\1"
    start, size = place + (20 if wide else 12), 8 if wide else 4
    scale = int.from_bytes(data[start : start + 4])
    lasts = int.from_bytes(data[start + 4 : start + 4 + size])
    return lasts / scale if place >= 4 and scale else 0
