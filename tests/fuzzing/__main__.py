"""Run a fuzzer for some seconds: `make fuzz FUZZ=locks`, or `python -m tests.fuzzing locks -max_total_time=60`.

The options are those of libFuzzer. What breaks something is written to the folder .fuzzing; `python -m tests.fuzzing
locks .fuzzing/locks-crash-...` tries it again.
"""

import importlib
import os
import pkgutil
import sys
import tempfile
from pathlib import Path

FOUND = Path(__file__).resolve().parents[2] / ".fuzzing"
_OPTIONS = ("-timeout=300", "-report_slow_units=300", "-rss_limit_mb=2048", "-len_control=0")


def instrument() -> None:
    """Import the whole program so that libFuzzer sees which of its lines an input reaches.

    What is imported later would not be seen, and libFuzzer would try nothing but noise.
    """
    import atheris

    with atheris.instrument_imports(include=["cuedeck"], enable_loader_override=False):
        import cuedeck

        for module in pkgutil.walk_packages(cuedeck.__path__, "cuedeck."):
            if not module.name.endswith(".__main__"):
                importlib.import_module(module.name)


def main() -> None:
    """Run libFuzzer on the target that the first argument names."""
    import atheris

    instrument()
    from tests.fuzzing.targets import TARGETS

    name, *given = sys.argv[1:]
    target = TARGETS[name]
    FOUND.mkdir(exist_ok=True)
    folder, seeds = (Path(tempfile.mkdtemp(prefix=f"fuzzing-{name}-")) for _ in range(2))
    for seed, data in target.seeds().items():
        (seeds / seed).write_bytes(data)
    again = any(not option.startswith("-") for option in given)
    prefix = f"-artifact_prefix={FOUND}{os.sep}{name}-"
    words = [sys.argv[0], *_OPTIONS, f"-max_len={target.most}", prefix, *given, *([] if again else [str(seeds)])]
    atheris.Setup(words, lambda data: target.try_in_time(data, folder))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
