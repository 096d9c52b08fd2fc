"""Score what is measured, measure it again, or study the reading on it."""

import argparse

from benchmarks.suggestions import score


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.suggestions")
    options.add_argument(
        "what",
        nargs="?",
        choices=["score", "measure", "sensitivity", "leave-one-out", "confidence", "draw", "confirm", "probe"],
        default="score",
    )
    options.add_argument("--only", nargs="+", metavar="WORKLOAD", help="measure only these")
    options.add_argument("--curves", action="store_true", help="measure only their curves; the truth stays")
    options.add_argument("--frozen", action="store_true", help="score the frozen group as well")
    options.add_argument("--each", action="store_true", help="a row for each workload")
    asked = options.parse_args()
    if asked.what == "measure":
        from benchmarks.suggestions.measure import measure_all

        measure_all(asked.only, curves_only=asked.curves)
    elif asked.what == "confirm":
        from benchmarks.suggestions import confirming

        confirming.report()
    elif asked.what == "probe":
        from benchmarks.suggestions import probing

        probing.report()
    elif asked.what != "score":
        from benchmarks.suggestions import study

        {
            "sensitivity": study.sensitivity,
            "leave-one-out": study.leave_one_out,
            "confidence": study.confidence,
            "draw": study.draw,
        }[asked.what]()
    else:
        score.report(frozen=asked.frozen, each=asked.each)


if __name__ == "__main__":
    main()
