"""Bodies of requests as somebody would send them: /docs shows them, ready to go, and a test sends each."""

from typing import Any

from fastapi.openapi.models import Example

LRS = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0]
LOSSES = [2.31, 2.3, 2.05, 1.2, 0.8, None]
SWEEP = "06h0n2khrzynxpq3"


def _named(bodies: dict[str, dict[str, Any]]) -> dict[str, Example]:
    return {name: Example(summary=name, value=body) for name, body in bodies.items()}


SUBMIT = _named(
    {
        "one sweep": {"recipe": "digits-clean"},
        "other parameters, range and length": {
            "recipe": "digits-clean",
            "params": {"batch_size": 256},
            "start_lr": 1e-6,
            "end_lr": 1.0,
            "num_iter": 200,
            "name": "clean, batches of 256",
            "tags": ["batch size"],
        },
        "three seeds, pooled in one reading": {"recipe": "digits-clean", "seeds": [0, 1, 2]},
        "two stages: the second looks closer": {"recipe": "digits-clean", "stages": 2},
    }
)
IMPORT = _named({"a curve of a notebook": {"lr": LRS, "loss": LOSSES, "name": "from a notebook", "optimizer": "AdamW"}})
CHANGE = _named(
    {
        "rename, tag and annotate": {"name": "the one we keep", "tags": ["baseline"], "notes": "Trained **twice**."},
        "star": {"starred": True},
        "archive": {"archived": True},
        "recolour": {"color": "#0072B2"},
    }
)
FRONT = _named({"to the front": {}, "one place up": {"by": 1}, "one place down": {"by": -1}})
CLONE = _named({"another seed and a longer test": {"seed": 1, "num_iter": 200}})
EXTEND = _named({"on from where it stopped": {}, "to a higher rate": {"end_lr": 100.0}})
CONFIRM = _named(
    {
        "around the pick, else the suggestion": {},
        "three rates, one-cycle": {"lrs": [0.01, 0.03, 0.1], "steps": 300, "schedule": "onecycle"},
    }
)
PICK = _named({"a rate, and why": {"lr": 0.01, "note": "Well below the rise.", "smoothing": 0.2}})
READ = _named(
    {
        "one curve": {"lr": LRS, "loss": LOSSES, "optimizer": "AdamW"},
        "curves of two seeds": {"curves": [{"lr": LRS, "loss": LOSSES}, {"lr": LRS, "loss": LOSSES}]},
    }
)
COMMON = _named({"one sweep or more": {"sweeps": [SWEEP]}})
VIEW = _named(
    {"one sweep, zoomed": {"name": "where it drops", "state": {"sweeps": [SWEEP], "focus": SWEEP, "x": [1e-3, 1.0]}}}
)
