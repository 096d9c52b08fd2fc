"""The ids that layout, callbacks and the page's scripts share."""

# header
LIVE = "live"
QUEUE = "queue"
WHO = "who"
SHARE = "share"
THEME = "theme"
HELP = "help"
PROVIDER = "mantine"
MORE = "more"

# below the panels, where one is seen at a time
TABS = "tabs"
THUMB = "thumb"

# sweeps panel
GRID = "sweeps"
FILTER = "sweep-filter"
NEW = "new-sweep"
OPTIONS = "list-options"
FOOT = "list-foot"
SPLITTER = "splitter"
NO_WORKER = "no-worker"
LINK_NOTICE = "link-notice"

# plot
PLOT_HOST = "plot-host"
PLOT_BACK = "plot-back"
PLOT = "plot"
PLOT_FRONT = "plot-front"
TOOLBAR = "plot-toolbar"
LEGEND = "legend"
CLIPPING = "clipping"
MULTIPLES = "multiples"
POINTS = "points"
AWAIT = "await"
EMPTY = "empty"
DEMO = "demo"
DEMO_ERROR = "demo-error"

# decision panel
DECISION = "decision"
FOCUS = "focus"
NEXT = "next"
CHOICE = "choice"
READOUT = "readout"
READING = "reading"
CONFIRMATION = "confirmation"
COMMON = "common"
PICKS = "picks"

# dialogs
DRAWER = "new-sweep-drawer"
ERROR_MODAL = "error-modal"
ERROR_BODY = "error-body"
HELP_MODAL = "help-modal"
SHARE_MODAL = "share-modal"
SHARE_BODY = "share-body"
COMPARE_MODAL = "compare-modal"
COMPARE_BODY = "compare-body"
QUEUE_DRAWER = "queue-drawer"
QUEUE_BODY = "queue-body"
EDIT_MODAL = "edit-modal"
EDIT_BODY = "edit-body"
NOTES_MODAL = "notes-modal"
NOTES_TEXT = "notes-text"
NOTES_EDIT = "notes-edit"

# the form of a new sweep; its inputs are {"type": ..., "name": ...}
RECIPE = "form-recipe"
RECIPE_HELP = "form-recipe-help"
PARAMS = "form-params"
SUBMIT = "form-submit"
FORM_CANCEL = "form-cancel"
FORM_ERROR = "form-error"
FORM_RESET = "form-reset"
FORM_ORIGIN = "form-origin"
RANGE_AXIS = "form-range-axis"
FORM_PLAN = "form-plan"
CURL = "form-curl"
SUBMIT_LINE = "form-submit-line"
FIELD = "field"  # of SweepRequest
PARAM = "param"  # of the recipe, valued
FLAG = "flag"  # of the recipe, switched

# the picked rate in a training
USE = "use"
USE_SCHEDULE = "use-schedule"
USE_EPOCHS = "use-epochs"
USE_STEPS = "use-steps"
USE_ERROR = "use-error"
USE_CHART = "use-chart"
USE_MEANING = "use-meaning"
USE_FRAMEWORK = "use-framework"
USE_CODE = "use-code"
USE_RATES = "use-rates"
CHOSEN = "chosen"

# between scripts and callbacks
ME = "me"
SUBMITTED = "submitted"
RECIPES = "recipes"
SERVER_URL = "server-url"
PREFILL = "prefill"  # from the scripts: open the form, filled like this
ORIGIN = "form-origin-of"  # what the form was filled from
FORM_KEY = "form-key"  # so that a double click queues once
FAULTS = "form-faults"  # the fields that were refused


def of(kind: str, name: object) -> dict[str, object]:
    """Id of a form input; `name` may be one of Dash's wildcards."""
    return {"type": kind, "name": name}
