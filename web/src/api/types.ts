/** The shapes of the JSON API the screens read and write. Instants are ISO strings in UTC, dates YYYY-MM-DD. */

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Setup {
  needed: boolean;
  languages?: string[];
  /** Who forgot his password can have a letter sent. */
  recovery?: boolean;
}

/** The answer to the first run: passwords of the people, told once. */
export interface SetUp {
  passwords?: { user: number; name: string; email: string; password: string }[];
}

export type Capability = string;

export interface Me {
  id: number;
  name: string;
  email: string;
  role: 'admin' | 'head' | 'manager' | 'employee' | 'guest';
  language: 'ru' | 'en';
  zone: string;
  theme?: 'auto' | 'light' | 'dark' | '';
  density?: 'compact' | 'comfortable' | '';
  department?: number | null;
  head_of?: number[];
  can?: Record<string, boolean>;
  position?: string;
  phone?: string;
  /** The password was given by somebody else and should be changed. */
  change_password?: boolean;
  has_second_factor?: boolean;
  /** The second step of signing in has to be set up before anything else. */
  needs_second_factor?: boolean;
  /** Who looks with the person's eyes, read only. */
  looked_at_by?: { id: number; name: string } | null;
  /** By type what the person may do with at least some records. */
  rights?: Record<string, string[]>;
}

export interface Portal {
  company: string;
  currency: string;
  simple: boolean;
  language?: string;
  zone?: string;
  version?: string;
  /** A made-up company that can be looked at with the eyes of its people. */
  demo?: boolean;
  /** Of whom signing in demands a second step. */
  second_factor?: 'nobody' | 'admins' | 'all';
}

export interface User {
  id: number;
  name: string;
  email: string;
  role: Me['role'];
  department?: number | null;
  position?: string;
  phone?: string;
  zone?: string;
  active: boolean;
  /** For administrators: signing in asks for a code too. */
  second_factor?: boolean;
  /** A program with an account of its own. */
  service?: boolean;
  /** A password made by the server, told once. */
  password?: string;
}

export interface Department {
  id: number;
  title: string;
  parent?: number | null;
  head?: number | null;
  deputies?: number[];
}

export type FieldKind =
  | 'text'
  | 'longtext'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'bool'
  | 'date'
  | 'datetime'
  | 'list'
  | 'multilist'
  | 'user'
  | 'link'
  | 'links'
  | 'phone'
  | 'email'
  | 'url'
  | 'address'
  | 'file';

export interface FieldValue {
  code: string;
  title_ru: string;
  title_en: string;
  color?: number;
  archived?: boolean;
}

export interface Field {
  code: string;
  kind: FieldKind;
  title_ru: string;
  title_en: string;
  required?: boolean;
  unique?: boolean;
  personal?: boolean;
  indexed?: boolean;
  builtin?: boolean;
  system?: boolean;
  read_only?: boolean;
  scale?: number;
  link_type?: string;
  values?: FieldValue[];
}

export interface RecordType {
  code: string;
  title_ru: string;
  title_en: string;
  plural_ru: string;
  plural_en: string;
  builtin: boolean;
  staged: boolean;
  fields: Field[];
  /** What the reader may do with at least some of the records. */
  can?: string[];
}

export type StageKind = 'open' | 'waiting' | 'won' | 'lost';

export interface Stage {
  id: number;
  code: string;
  title_ru: string;
  title_en: string;
  kind: StageKind;
  color: number;
  limit_seconds?: number | null;
  goal?: string;
  role?: string;
  task?: string;
  product?: string;
  instruction?: string;
}

export interface Pipeline {
  id: number;
  code: string;
  type: string;
  title_ru: string;
  title_en: string;
  stages: Stage[];
}

export interface LostReason {
  id: number;
  code?: string;
  type?: string;
  title_ru: string;
  title_en: string;
}

export interface MoneyValue {
  minor: number;
  currency: string;
  base?: number;
}

export interface LinkValue {
  id: number;
  type?: string;
  title?: string;
}

export interface PhoneValue {
  value: string;
  e164?: string;
  kind?: string;
}

export interface FileValue {
  id: number;
  name: string;
  size: number;
  mime?: string;
}

export interface Offer {
  id: number;
  drum?: number | string;
  type?: string;
  record?: number;
  title?: string;
  /** Nobody while it waits for anybody to be free. */
  user?: number | null;
  round?: number;
  state: 'offered' | 'escalated' | 'waiting' | 'taken' | 'missed' | 'withdrawn' | string;
  offered_at: string;
  /** None when there is no deadline. */
  due_at?: string | null;
  seconds_left?: number;
  /** Why this person: each passed over or chosen. */
  reasons?: { user: number; code: string; until?: string | null }[];
  /** The clock stands until then; nothing while it runs. */
  paused_until?: string | null;
  /** When the clock stands still until it is due. */
  pauses?: { from: string; to: string }[];
  /** The source whose daily portion it belongs to. */
  portion?: string;
}

/** A record: system fields by name, all others by the code of their field. */
export interface RecordData {
  id: number;
  type: string;
  version: number;
  title: string;
  pipeline?: string | null;
  stage?: string | null;
  responsible?: number | null;
  department?: number | null;
  created_at?: string;
  created_by?: number | null;
  updated_at?: string;
  stage_entered_at?: string | null;
  closed_at?: string | null;
  next_at?: string | null;
  next_title?: string | null;
  observers?: number[];
  offer?: Offer | null;
  /** Of one record: what the reader may do with it. */
  can?: string[];
  [field: string]: unknown;
}

export interface BoardStage {
  stage: string;
  count?: number | null;
  sum?: number | null;
  sums?: { currency: string; minor: number }[];
  items: RecordData[];
  next?: string | null;
}

export interface BoardData {
  pipeline: string;
  stages: BoardStage[];
  totals_exact?: boolean;
  totals?: null;
}

export interface StageTotal {
  stage: string;
  count: number;
  sum: number;
}

/** Because of what a change happened; `person` and none are a person's own hand. */
export interface Cause {
  kind?: string;
  code?: string;
  id?: number;
  title?: string;
  note?: string;
}

/** Why a drum chose or passed over a person. */
export interface Reason {
  user: number;
  code: 'turn' | 'later' | 'paused' | 'left' | 'missed' | string;
}

/** What an entry changed: fields by code, or the offer, request or incident it tells of. */
export interface Diff {
  offer?: Partial<Omit<Offer, 'due_at' | 'offered_at'>> & {
    due_at?: number | string;
    offered_at?: number | string;
    by?: number;
    reasons?: Reason[];
  };
  request?: { id?: number; channel?: string; source?: string; text?: string; accepted_by?: number };
  incident?: { id?: number; kind?: string; user?: number; due_at?: string };
  [field: string]: unknown;
}

export interface TimelineItem {
  id: number;
  at: string;
  kind: string;
  actor?: number;
  cause?: Cause | null;
  diff?: Diff | null;
  activity?: RecordData | null;
}

/** A page of a record's story; what is planned comes with the first one. */
export interface TimelinePage extends Page<TimelineItem> {
  planned?: RecordData[];
}

export interface Visit {
  id?: number;
  pipeline?: string;
  stage: string;
  entered_at: string;
  left_at?: string | null;
  wall_seconds?: number;
  /** Working time; of an open visit so far. */
  work_seconds?: number;
  /** While the working time of an open visit runs: when it stops next. */
  runs_until?: string | null;
}

export interface BulkResult {
  done: number;
  failed: { id: number; problem: { detail?: string; title?: string } }[];
}

export interface DrumMember {
  user: number;
  active: boolean;
  /** 1 is usual. */
  weight?: number;
  /** Offers at once; none: as the drum says. */
  cap?: number;
}

/** Hours as intervals by weekday, `09:00-18:00`. */
export interface OwnHours {
  zone?: string;
  week: Record<string, string[]>;
  dates?: Record<string, string[]>;
}

export interface Drum {
  id: number;
  title: string;
  take_minutes: number;
  misses_to_head: number;
  head?: number | null;
  take_stage?: number | null;
  members: DrumMember[];
  who: 'named' | 'department' | 'department_of_first' | 'department_above';
  department?: number | null;
  order: 'turn' | 'weighted' | 'least';
  cap: number;
  former: boolean;
  taken_by: string[];
  head_becomes: 'responsible' | 'observer' | 'told';
  hours: 'person' | 'always';
  schedule?: OwnHours | null;
  need_day: boolean;
  sources: { source: string; per_day: number }[];
  stopped: boolean;
  may_edit: boolean;
}

/** How a person of a drum stands. */
export interface DrumStanding {
  user: number;
  active: boolean;
  weight: number;
  cap?: number;
  open: number;
  misses_today: number;
  taken_today: number;
  reason: string;
  until?: string | null;
  /** 1 for who is next, 0 for who can't be offered anything now. */
  place: number;
}

export interface DrumState {
  next?: number | null;
  members: DrumStanding[];
  waiting: Offer[];
  today: { taken: number; missed: number; withdrawn: number; offered: number; waiting: number };
  deals: boolean;
  opens_at?: string | null;
}

/** An offer of a drum with what became of it. */
export interface DrumDecision extends Offer {
  decided_at?: string | null;
  decided_by?: number | null;
}

export interface Incident {
  id: number;
  kind: string;
  at: string;
  user?: number | null;
  department?: number | null;
  drum?: number | null;
  type?: string;
  record?: number | null;
  title?: string;
  detail?: Record<string, unknown> | null;
}

export interface IntakeKey {
  channel?: string;
  id: number;
  key: string;
  title: string;
  source?: string;
  drum?: number | null;
  active?: boolean;
}

export interface BinItem {
  type: string;
  id: number;
  title: string;
  deleted_at: string;
  deleted_by?: number | null;
}

export interface Session {
  id: number | string;
  device?: string;
  agent?: string;
  browser?: string;
  os?: string;
  ip?: string;
  created_at?: string;
  seen_at?: string;
  current?: boolean;
}

export interface Token {
  id: number;
  title: string;
  created_at?: string;
  used_at?: string | null;
  expires_at?: string | null;
  uses?: string[];
  types?: string[];
}

export interface SearchHit {
  type: string;
  id: number;
  title: string;
  hint?: string;
}

/** One message of the live stream. */
export type LiveEvent =
  | {
      kind: 'record';
      seq?: number;
      type: string;
      id: number;
      event?: string;
      stage?: string;
      before_stage?: string;
      fields?: string[];
      gone?: boolean;
      actor?: number;
    }
  | { kind: 'offer'; seq?: number; [detail: string]: unknown }
  | {
      kind: 'notice';
      seq?: number;
      event?: 'told' | 'read';
      /** How many are unread now. */
      unread?: number;
      id?: number;
      title?: string;
      body?: string;
      type?: string;
      record?: number;
      action?: string;
      /** What the action is about: the offer. */
      subject?: number;
      toast?: boolean;
      browser?: boolean;
    }
  | { kind: 'incident'; seq?: number }
  | { kind: 'day'; seq?: number }
  | { kind: 'config'; name?: string }
  | { kind: 'reset' }
  | { kind: 'state'; online: boolean }
  | { kind: 'refused' };
