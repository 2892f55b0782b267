/** Incidents by person and month. */
export interface Heat {
  months: string[];
  people: HeatRow[];
  totals: number[];
  kinds: { kind: string; title: string; count: number }[];
}

/** One person: a cell of −1 is a month before he came. */
export interface HeatRow {
  user: number;
  cells: number[];
  total: number;
}

/** How many offers of a time were taken and missed. */
export interface Share {
  from: string;
  taken: number;
  missed: number;
  in_time: number;
}

export interface PersonShare extends Omit<Share, 'from'> {
  user: number;
  weeks: Share[];
}

export interface Taken {
  weeks: Share[];
  months: Share[];
  people: PersonShare[];
}

/** Working minutes until somebody took it. */
export interface Spread {
  count: number;
  p50: number;
  p80: number;
  p90: number;
}

export interface Speed {
  all: Spread;
  drums: (Spread & { drum: number })[];
  hours: (Spread & { hour: number })[];
  sources: (Spread & { source: string })[];
  would: { minutes: number; share: number }[];
}

/** A record behind a number. */
export interface Named {
  type: string;
  id: number;
  title: string;
}

export interface SourceCost {
  source: string;
  lost: number;
  records: Named[];
  price: number | null;
  cost: number;
}

export interface Cost {
  sources: SourceCost[];
  lost: number;
  cost: number;
}

/** How one offer ended. */
export interface Turn {
  record: Named;
  drum: number;
  user: number;
  source: string;
  offered_at: string;
  decided_at: string;
  taken: boolean;
  excused: boolean;
  minutes: number | null;
}

export interface StageCell {
  stage: string;
  user: number | null;
  count: number;
  sum: number;
  hours: number;
}

export interface Stages {
  type: string;
  pipeline: string;
  cells: StageCell[];
  exact: boolean;
}

export interface CohortSource {
  source: string;
  count: number;
  reached: number[];
  won: number;
  lost: number;
  won_sum: number;
}

export interface Cohort {
  type: string;
  pipeline: string;
  stages: string[];
  sources: CohortSource[];
  exact: boolean;
}

export interface Yesterday {
  day: string;
  type: string;
  requests: { pipeline: string; source: string; count: number; won: number; lost: number }[];
  taken: Share;
  speed: Spread;
  cost: Cost;
  stuck: { type: string; pipeline: string; late: number; no_step: number; sum: number }[];
  expected: { pipeline: string; count: number; sum: number }[];
}
