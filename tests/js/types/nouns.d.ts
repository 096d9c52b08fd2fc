/* What the server says and hears, from the models of core. Written by `python -m tests.dashboard.nouns`. */
declare namespace Said {
type Confirmation = {
  best: number | null;
  low: number | null;
  high: number | null;
  band_low: number | null;
  band_high: number | null;
  curve: Parabola | null;
  reasons: Array<Reason>;
  sweep: string;
  schedule: "constant" | "onecycle";
  steps: number;
  lr: number | null;
  series: "loss" | "val_loss";
  trainings: Array<Trained>;
};
type Cursor = {
  sweep: string;
  attempt?: number | null;
  from?: number;
};
type Device = {
  name: string;
  kind: "cpu" | "cuda";
  label: string;
  memory_bytes: number | null;
};
type FeedMessage = Snapshot | PointsFrame | SweepChanged | SweepDeleted | WorkersChanged | QueueChanged | Presence | Ping | Round;
type Here = {
  type?: "here";
  user: string;
  sweep?: string | null;
  lr?: number | null;
};
type Origin = {
  sweep: string;
  how: "extends" | "refines" | "confirms";
};
type Parabola = {
  a: number;
  b: number;
  c: number;
};
type Pick = {
  id: number;
  lr: number;
  author: string;
  note: string;
  created_at: string;
  compared_with: Array<string>;
  smoothing: number | null;
  withdrawn: boolean;
  withdrawn_by: string | null;
};
type Ping = {
  type: "ping";
  time: string;
  lag_ms: number | null;
};
type Pointer = {
  viewer: number;
  user: string;
  sweep: string | null;
  lr: number | null;
};
type PointsFrame = {
  type: "points";
  sweep: string;
  attempt: number;
  from: number;
  lr: Array<number>;
  loss: Array<number | null>;
  series: Record<string, Array<number | null>>;
};
type Pong = {
  type?: "pong";
  time: string;
};
type Presence = {
  type: "presence";
  viewers: Array<Pointer>;
};
type QueueChanged = {
  type: "queue";
  queue: QueueState;
};
type QueueState = {
  queued: number;
  running: number;
};
type Reading = {
  suggestion: number | null;
  low: number | null;
  high: number | null;
  diverges_at: number | null;
  confidence: number;
  reasons: Array<Reason>;
  rules: Record<string, number | null>;
  spreads: Record<string, number | null>;
  regions: Array<Region>;
  curves: number;
  noise: number | null;
  warnings: Array<string>;
};
type Reason = {
  code: "too_few" | "no_descent" | "flat" | "edge_low" | "edge_high" | "diverged_above";
  text: string;
};
type Region = {
  name: "too_low" | "sweet_spot" | "unstable" | "diverged";
  from: number;
  to: number;
  decades: number;
};
type Round = {
  type: "round";
  messages: Array<PointsFrame | SweepChanged | SweepDeleted | WorkersChanged | QueueChanged | Presence>;
};
type Snapshot = {
  type: "snapshot";
  sweeps: Array<Sweep>;
  trainings: Array<Sweep>;
  workers: Array<WorkerState>;
  queue: QueueState;
};
type Status = "queued" | "running" | "done" | "diverged" | "failed" | "cancelled";
type Sweep = {
  id: string;
  kind: "range_test" | "training";
  name: string;
  recipe: string;
  params: Record<string, boolean | number | string | null>;
  owner: string;
  tags: Array<string>;
  color: string;
  slot: number;
  status: Status;
  reason: string | null;
  created_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  start_lr: number;
  end_lr: number;
  num_iter: number;
  mode: "exp" | "linear";
  seed: number;
  diverge_ratio: number | null;
  training: Training | null;
  group: string | null;
  origin: Origin | null;
  stages: number;
  priority: number;
  steps_done: number;
  device_wish: "any" | "cpu" | "cuda";
  first_nonfinite_step: number | null;
  attempt: number;
  worker: string | null;
  device: string | null;
  optimizer: string | null;
  warnings: Array<string>;
  queue_position: number | null;
  eta_s: number | null;
  pick: Pick | null;
  archived: boolean;
  starred: boolean;
  confirmed: boolean;
  notes: string;
};
type SweepChanged = {
  type: "sweep";
  sweep: Sweep;
};
type SweepDeleted = {
  type: "deleted";
  sweep: string;
};
type Trained = {
  sweep: string;
  lr: number;
  seed: number;
  status: Status;
  steps_done: number;
  loss: number | null;
};
type Training = {
  lr: number;
  schedule: "constant" | "onecycle";
};
type View = {
  id: string;
  name: string;
  owner: string;
  created_at: string;
  state: ViewState;
};
type ViewState = {
  sweeps: Array<string> | null;
  focus: string | null;
  baseline: string | null;
  smoothing: number | null;
  log_loss: boolean | null;
  normalise: boolean | null;
  align: "lr" | "pick" | null;
  show_all: boolean | null;
  layout: "overlay" | "multiples" | "table" | null;
  x: Array<number> | null;
  y: Array<number> | null;
  pane: string | null;
  pane_y: Array<number> | null;
  marker: number | null;
  group: "none" | "seed" | "owner" | "recipe" | "config" | "tag" | null;
};
type ViewerMessage = Watch | Pong | Here;
type Watch = {
  type?: "watch";
  sweeps: Array<Cursor>;
};
type WorkerState = {
  id: string;
  host: string;
  pid: number;
  device: Device;
  recipes: Array<string>;
  running: Array<string>;
  connected: boolean;
  last_seen: string;
  memory_used_bytes: number | null;
  memory_total_bytes: number | null;
};
type WorkersChanged = {
  type: "workers";
  workers: Array<WorkerState>;
};
}
