"""The recipes every worker offers: real trainings, seconds long, on data that ships with the dependencies."""

BUILT_IN: tuple[str, ...] = (
    "lrscope_workers.recipes.digits",
    "lrscope_workers.recipes.chars",
    "lrscope_workers.recipes.diabetes",
)
