"""What the words mean: one short explanation of each term, for the page, its Words list and docs/glossary.md."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """`text` stands by itself, in one to three sentences. `source`: who defined it, where it is not from here."""

    name: str
    text: str
    source: str = ""


SMITH_2015 = "Smith 2015, arXiv 1506.01186"
SMITH_2017 = "Smith and Topin 2017, arXiv 1708.07120"
SMITH_2018 = "Smith 2018, arXiv 1803.09820"

TERMS: dict[str, Term] = {
    # the method
    "learning_rate": Term(
        "learning rate",
        "How far each step moves the weights, as a factor on the gradient. Too low is slow, too high never settles.",
    ),
    "range_test": Term(
        "range test",
        "Train for a few steps while the learning rate rises from tiny to huge, and look at which rates the "
        "loss falls.",
        SMITH_2015,
    ),
    "sweep": Term(
        "sweep",
        "One range test that was asked for, with its curve and all that became of it.",
    ),
    "step": Term(
        "step",
        "One update of the weights. Each gives one point of the curve: the rate it used and the loss it measured.",
    ),
    "loss": Term(
        "loss",
        "How wrong the model was on the batch of that step, before the update. Lower is better; only its "
        "shape counts here.",
    ),
    "decade": Term(
        "decade",
        "A factor of ten. From 1e-3 to 1e-1 are two decades; 0.3 decades are a factor of two.",
    ),
    "exp": Term(
        "exponential rise",
        "The rate grows by the same factor at every step, so each decade gets as many points.",
        "fast.ai",
    ),
    "seed": Term(
        "seed",
        "The number that the chance in a training starts from: first weights, order of the data. The same "
        "seed gives the same curve on the same machine.",
    ),
    # the curve
    "smoothing": Term(
        "smoothing",
        "The strong line: at each rate a straight line fitted to the points around it, on the logarithmic "
        "axis. It looks to both sides, so it does not lag. 0 shows the raw losses alone.",
        "Cleveland 1979, Fan 1992",
    ),
    "raw": Term(
        "raw losses",
        "What was measured, step by step. They stay faint behind the smooth line.",
    ),
    "noise": Term(
        "noise",
        "How far the measured losses scatter around the smooth line, as a share of the whole drop. Small "
        "batches and wrong labels make it large.",
    ),
    "slope": Term(
        "slope",
        "How much the smooth loss changes over one decade of the rate, here. Negative: it is falling.",
    ),
    "floor": Term(
        "floor",
        "The rates at which the loss is lowest, as far as the noise can tell.",
    ),
    "rise": Term(
        "rise",
        "Where the loss leaves its floor for good, on the way to the blow-up.",
    ),
    "to_low": Term(
        "to low",
        "Decades from the marker to this curve’s lowest loss. Minus: it lies to the left.",
    ),
    "to_rise": Term(
        "to rise",
        "Decades from the marker to where this curve blows up: your margin. “past”: the marker is beyond.",
    ),
    "too_low": Term(
        "too low",
        "The loss is flat, or has not done half of its fall. Training here works, but slowly.",
    ),
    "sweet_spot": Term(
        "sweet spot",
        "From where half of the fall is done to the last rate that is still within a tenth of the floor.",
    ),
    "unstable": Term(
        "unstable",
        "Past the sweet spot: the loss turns up, because the steps begin to overshoot.",
    ),
    "diverged": Term(
        "diverged",
        "The loss has blown up, and the sweep ended there. It is a result, not an error: it shows the limit.",
    ),
    "clipped": Term(
        "clipped",
        "The plot ends a little above where the curves begin, so that a blow-up does not flatten everything "
        "else. “Show all” shows it.",
    ),
    "log_loss": Term(
        "log loss",
        "The loss on a logarithmic axis: what happens near its lowest gets more room.",
    ),
    "normalise": Term(
        "loss ÷ start",
        "Each curve over the loss it began with, so that curves of different tasks can be laid over each other.",
    ),
    "align": Term(
        "align at the pick",
        "Each rate over the rate that was picked for its sweep: curves are compared by their shape around the pick.",
    ),
    "pane": Term(
        "second pane",
        "What a recipe recorded beside the loss, such as the validation loss or the norm of the gradient, "
        "over the same rates.",
    ),
    "band": Term(
        "seeds band",
        "Several seeds of one request drawn as one: their median as the line, and the band from their lowest "
        "to their highest.",
    ),
    "baseline": Term(
        "baseline",
        "The sweep that the others are measured against. “vs base” is the loss above its loss, at the marker.",
    ),
    # reading and picking
    "reading": Term(
        "reading",
        "What lrscope finds in the curve: sweet spot, suggestion, limit, or the reasons why there is none.",
    ),
    "suggestion": Term(
        "suggestion",
        "The rate that lrscope would take: the middle of what the floor, the rise and the noise of the curve "
        "tell of the best one, each by how clear it is.",
    ),
    "confidence": Term(
        "confidence",
        "The chance that the suggestion trains about as well as the best rate. High is 70 % or more, fair is "
        "40 % or more.",
    ),
    "pick": Term(
        "pick",
        "A person’s decision: this rate, by whom, when and why. The machine suggests, a person picks.",
    ),
    "marker": Term(
        "marker",
        "The vertical line that you drag to the rate you would take. Nothing is saved before Save pick.",
    ),
    "regret": Term(
        "what it gives up",
        "The share of a sweep’s drop that is lost at this rate, compared with its own best: estimated from its curve.",
    ),
    "safe_for_all": Term(
        "safe for all",
        "One rate for all the sweeps shown: the one at which the worst-served of them is served best.",
    ),
    "common_band": Term(
        "band",
        "The rates that lie in the sweet spot of every sweep shown.",
    ),
    "limited_by": Term(
        "limited by",
        "The sweep that is served worst by the common rate: without it, the rate would be another.",
    ),
    "confirm": Term(
        "confirm",
        "Short trainings at a few rates around the marker, each held constant or as one cycle; their final "
        "losses show the best one.",
    ),
    "interval": Term(
        "95 % interval",
        "Where the best rate lies, as far as these few trainings can tell: it would hold the true one 95 times in 100.",
        "Fieller 1954",
    ),
    "within_5": Term(
        "within 5 %",
        "The rates that give up less than 5 % of the drop from the start to the best.",
    ),
    # rules
    "steepest": Term(
        "steepest descent",
        "Where the smoothed loss falls fastest.",
        "Gugger 2018",
    ),
    "tenth_of_rise": Term(
        "rise / 10",
        "A tenth of the rate at which the loss begins to rise again.",
        "by eye",
    ),
    "before_rise": Term(
        "just before the rise",
        "The last rate before the loss begins to rise again.",
        "by eye",
    ),
    "valley": Term(
        "fastai valley",
        "About the middle of the longest stretch that falls; the default of fastai.",
        "fastai, from ESRI",
    ),
    "slide": Term(
        "fastai slide",
        "Walks left from the end until the slope fifteen steps apart is about the same.",
        "fastai, from Novetta",
    ),
    "minimum": Term(
        "fastai minimum / 10",
        "A tenth of the rate with the lowest loss.",
        "fastai",
    ),
    "steep": Term(
        "fastai steep",
        "Where its smoothed loss falls fastest, step by step.",
        "fastai",
    ),
    "torch_lr_finder": Term(
        "torch-lr-finder",
        "The steepest step of its smoothed loss; ten steps are skipped at the start, five at the end.",
        "torch-lr-finder 0.2.2",
    ),
    "ignite": Term(
        "ignite",
        "The steepest step before the minimum of the same smoothed loss.",
        "ignite 0.5, FastaiLRFinder",
    ),
    "lightning": Term(
        "Lightning 2.6",
        "Steepest against the rate itself, not its logarithm: noise at small rates wins.",
        "Lightning 2.5.3 to 2.6.6",
    ),
    "lightning_before": Term(
        "Lightning < 2.5.3",
        "The steepest step of its smoothed loss.",
        "Lightning before 2.5.3",
    ),
    "ktrain": Term(
        "ktrain",
        "The steepest step between step 32 and the minimum of its smoothed loss.",
        "ktrain, lr_estimate",
    ),
    "neuralprophet": Term(
        "NeuralProphet",
        "Halfway between the steepest step under a window of ten and that of Lightning.",
        "NeuralProphet",
    ),
    # from the pick to a training
    "schedule": Term(
        "schedule",
        "How the rate changes in the course of a training.",
    ),
    "one_cycle": Term(
        "OneCycle",
        "The rate climbs to its peak in the first third and then falls to almost nothing. The pick is its peak.",
        SMITH_2017,
    ),
    "warm_up": Term(
        "warm-up",
        "The first steps of a training, in which the rate climbs to its full height, so that fresh weights "
        "are not thrown about.",
    ),
    "constant": Term(
        "constant rate",
        "The same rate from the first step to the last. It wants less than the pick: about a third.",
        SMITH_2018,
    ),
    # who runs what
    "recipe": Term(
        "recipe",
        "A function of your team that builds what is trained: model, optimizer, data. Its parameters are the "
        "fields of the form.",
    ),
    "worker": Term(
        "worker",
        "A process that trains, on one device, and sends each point as it is measured.",
    ),
    "device": Term(
        "device",
        "The processor or GPU that a worker trains on.",
    ),
    "attempt": Term(
        "attempt",
        "One hand-out of a sweep to a worker, counted from 1. A sweep whose worker is lost goes back into the"
        " queue and gets another.",
    ),
    "lease": Term(
        "lease",
        "A worker’s right to report on a sweep. It runs out when the worker falls silent; then another worker"
        " may take the sweep.",
    ),
    "heard": Term(
        "heard",
        "When the server last had a sign of life of this worker.",
    ),
    "queued": Term(
        "queued",
        "It waits for a worker that has its recipe.",
    ),
    "running": Term(
        "running",
        "A worker trains it now; its points appear as they are measured.",
    ),
    "done": Term(
        "done",
        "It has swept all of its rates.",
    ),
    "failed": Term(
        "failed",
        "An error: the recipe raised one, or its workers kept dying. “Show error” has the traceback.",
    ),
    "cancelled": Term(
        "cancelled",
        "A person stopped it. What was measured until then is kept.",
    ),
    "live": Term(
        "live",
        "Points come as they are measured. The number is half the time that a message takes from the server "
        "to this page and back.",
    ),
}
