"""snippet(plan, framework): the code that trains with a plan, to be copied. What it says is what `plan.rates` draws."""

from collections.abc import Callable
from typing import Literal

from lrscope.plan import PATIENCE, Plan

Framework = Literal["pytorch", "lightning", "huggingface", "fastai"]

FRAMEWORKS: dict[Framework, str] = {
    "pytorch": "PyTorch",
    "lightning": "Lightning",
    "huggingface": "Hugging Face",
    "fastai": "fastai",
}
# what a recipe may call its optimizer -> what Hugging Face calls it
OPTIMIZERS = {
    "SGD": "sgd",
    "Adam": "adamw_torch",  # whose weight decay is 0 unless it is given
    "AdamW": "adamw_torch",
    "RMSprop": "rmsprop",
    "Adagrad": "adagrad",
}


def snippet(plan: Plan, framework: Framework, optimizer: str | None = None) -> str:
    """Python to paste; `optimizer` is the class name in torch.optim that the test was run with, where it is known."""
    write: dict[Framework, Callable[[Plan, str], str]] = {
        "pytorch": _pytorch,
        "lightning": _lightning,
        "huggingface": _huggingface,
        "fastai": _fastai,
    }
    return write[framework](plan, optimizer if optimizer in OPTIMIZERS else "AdamW")


def _scheduler(plan: Plan, optimizer: str) -> list[str]:
    """The lines that make `scheduler` from `optimizer`, of torch.optim.lr_scheduler."""
    if plan.schedule == "one_cycle":
        total = f"epochs={plan.epochs}, steps_per_epoch={plan.steps_per_epoch}"
        fixed = ", cycle_momentum=False" if optimizer == "Adagrad" else ""  # which has none to cycle
        made = [f"scheduler = lr_scheduler.OneCycleLR(optimizer, max_lr={plan.lr:g}, {total}{fixed})"]
        return [*made, "# no momentum in the test? Then cycle_momentum=False: it is on"] if optimizer == "SGD" else made
    if plan.schedule == "warmup_cosine":
        return [
            f"warmup = lr_scheduler.LinearLR(optimizer, start_factor=0.01, total_iters={plan.warmup})",
            f"cosine = lr_scheduler.CosineAnnealingLR(optimizer, T_max={plan.steps - plan.warmup})",
            f"scheduler = lr_scheduler.SequentialLR(optimizer, [warmup, cosine], milestones=[{plan.warmup}])",
        ]
    if plan.schedule == "step":
        return [f"scheduler = lr_scheduler.StepLR(optimizer, step_size={plan.every}, gamma=0.1)  # in epochs"]
    if plan.schedule == "plateau":
        return [f"scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience={PATIENCE})"]
    return []


def _each_step(plan: Plan) -> bool:
    return plan.schedule in ("one_cycle", "warmup_cosine")


def _torch_import(plan: Plan) -> list[str]:
    return ["import torch", *(["from torch.optim import lr_scheduler"] if plan.schedule != "constant" else []), ""]


def _pytorch(plan: Plan, optimizer: str) -> str:
    after_step = ["        scheduler.step()"] if _each_step(plan) else []
    after_epoch = {
        "step": ["    scheduler.step()"],
        "plateau": ["    scheduler.step(validate(model))  # your validation loss"],
    }
    return _text(
        *_torch_import(plan),
        f"optimizer = torch.optim.{optimizer}(model.parameters(), lr={plan.lr:g})",
        *_scheduler(plan, optimizer),
        "",
        f"for epoch in range({plan.epochs}):",
        "    for inputs, targets in train_loader:",
        "        optimizer.zero_grad()",
        "        loss_fn(model(inputs), targets).backward()",
        "        optimizer.step()",
        *after_step,
        *after_epoch.get(plan.schedule, []),
    )


def _lightning(plan: Plan, optimizer: str) -> str:
    every = ', "interval": "step"' if _each_step(plan) else ""
    watched = ', "monitor": "val_loss"' if plan.schedule == "plateau" else ""
    told = f'{{"optimizer": optimizer, "lr_scheduler": {{"scheduler": scheduler{every}{watched}}}}}'
    return _text(
        "import lightning as L",
        *_torch_import(plan),
        "",
        "class Model(L.LightningModule):  # this method goes into yours",
        "    def configure_optimizers(self):",
        f"        optimizer = torch.optim.{optimizer}(self.parameters(), lr={plan.lr:g})",
        *(f"        {line}" for line in _scheduler(plan, optimizer)),
        f"        return {told if plan.schedule != 'constant' else 'optimizer'}",
        "",
        "",
        f"trainer = L.Trainer(max_epochs={plan.epochs})",
    )


def _huggingface(plan: Plan, optimizer: str) -> str:
    own = plan.schedule in ("one_cycle", "step")  # Trainer has no name for them
    named = {
        "warmup_cosine": [f'    lr_scheduler_type="cosine", warmup_steps={plan.warmup},  # this warm-up begins at 0'],
        "plateau": [
            '    lr_scheduler_type="reduce_lr_on_plateau",',
            f'    lr_scheduler_kwargs={{"factor": 0.1, "patience": {PATIENCE}}},',
            '    eval_strategy="epoch", metric_for_best_model="eval_loss",',
        ],
        "constant": ['    lr_scheduler_type="constant",'],
    }
    optimizer_lines = [f"optimizer = torch.optim.{optimizer}(model.parameters(), lr={plan.lr:g})"]
    scheduler = _scheduler(plan, optimizer)
    if plan.schedule == "step":  # Trainer steps a scheduler after every batch
        size = plan.every * plan.steps_per_epoch
        scheduler = [f"scheduler = lr_scheduler.StepLR(optimizer, step_size={size}, gamma=0.1)  # in steps"]
    data = "train_dataset=train_dataset" + (", eval_dataset=eval_dataset" if plan.schedule == "plateau" else "")
    return _text(
        *(_torch_import(plan)[:-1] if own else []),
        "from transformers import Trainer, TrainingArguments",
        "",
        *([*optimizer_lines, *scheduler] if own else []),
        "arguments = TrainingArguments(",
        f'    output_dir="out", num_train_epochs={plan.epochs},'
        + ("" if own else f' optim="{OPTIMIZERS[optimizer]}", learning_rate={plan.lr:g},'),
        *named.get(plan.schedule, []),
        ")",
        "trainer = Trainer(",
        f"    model=model, args=arguments, {data}," + (" optimizers=(optimizer, scheduler)," if own else ""),
        ")",
        "trainer.train()",
    )


def _fastai(plan: Plan, _: str) -> str:
    epochs, lr = plan.epochs, f"{plan.lr:g}"
    if plan.schedule == "one_cycle":
        return _text(
            "from fastai.callback.schedule import *",
            "",
            "# torch's defaults: fastai's own rise in 25 % of the steps, and div_final counts from lr_max",
            f"learn.fit_one_cycle({epochs}, lr_max={lr}, div=25, div_final=250_000, pct_start=0.3)",
        )
    if plan.schedule == "warmup_cosine":
        share = f"{plan.warmup / plan.steps:.4g}"
        return _text(
            "from fastai.callback.schedule import ParamScheduler, SchedCos, SchedLin, combine_scheds",
            "",
            f"peak, warmup = {lr}, {share}",
            "schedule = combine_scheds([warmup, 1 - warmup], [SchedLin(peak / 100, peak), SchedCos(peak, 0)])",
            f'learn.fit({epochs}, lr=peak, cbs=ParamScheduler({{"lr": schedule}}))',
        )
    if plan.schedule == "step":
        return _text(
            "from fastai.callback.schedule import ParamScheduler",
            "",
            "",
            "def stairs(share):  # of the training that is over",
            f"    return {lr} * 0.1 ** int(share * {epochs} / {plan.every})",
            "",
            "",
            f'learn.fit({epochs}, lr={lr}, cbs=ParamScheduler({{"lr": stairs}}))',
        )
    if plan.schedule == "plateau":
        return _text(
            "from fastai.callback.tracker import ReduceLROnPlateau",
            "",
            f"# torch waits for more than {PATIENCE} epochs, fastai for as many as it is told",
            f'plateau = ReduceLROnPlateau(monitor="valid_loss", patience={PATIENCE + 1}, factor=10)',
            f"learn.fit({epochs}, lr={lr}, cbs=plateau)",
        )
    return _text(f"learn.fit({epochs}, lr={lr})")


def _text(*lines: str) -> str:
    return "\n".join(lines) + "\n"
