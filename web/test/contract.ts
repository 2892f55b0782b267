/**
 * The hand-written shapes of src/api/types.ts against those generated from the server's own description. Nothing runs
 * here: `npm run types` fails when a field the screens read is gone or has changed its kind.
 */
import type { components } from '~/api/schema';
import type * as ours from '~/api/types.ts';

type Server = components['schemas'];

/** Enumerations are plain texts and missing values are allowed everywhere: only the kind of a value is compared. */
type Loose<T> = T extends string
  ? string
  : T extends (infer E)[]
    ? Loose<E>[]
    : T extends object
      ? { [K in keyof T]?: Loose<T[K]> }
      : T;
type Comparable<T> = { [K in keyof T]-?: Loose<NonNullable<T[K]>> };
type Common<S, O> = Extract<keyof O, keyof S>;
type Wrong<S, O> = { [K in Common<S, O>]: Comparable<S>[K] extends Comparable<O>[K] ? never : K }[Common<S, O>];
type Needed<O> = { [K in keyof O]-?: undefined extends O[K] ? never : K }[keyof O];

/** The names of fields the screens need and the server lacks or gives in another kind; never is good. */
type Trouble<S, O> = Exclude<Needed<O>, keyof S> | Wrong<S, O>;

const none = <T extends never>(..._: T[]): void => {};

none<Trouble<Server['Me'], ours.Me>>();
none<Trouble<Server['Portal'], ours.Portal>>();
none<Trouble<Server['Person'], ours.User>>();
none<Trouble<Server['Department'], ours.Department>>();
none<Trouble<Server['Pipeline'], ours.Pipeline>>();
none<Trouble<Server['Stage'], ours.Stage>>();
none<Trouble<Server['LostReason'], ours.LostReason>>();
none<Trouble<Server['Type'], Omit<ours.RecordType, 'fields'>>>();
none<Trouble<Server['Field'], Omit<ours.Field, 'values'>>>();
none<Trouble<Server['Value'], ours.FieldValue>>();
none<Trouble<Server['Drum'], Omit<ours.Drum, 'schedule'>>>();
none<Trouble<Server['DrumState'], Omit<ours.DrumState, 'waiting'>>>();
none<Trouble<Server['SalesOffer'], ours.Offer>>();
none<Trouble<Server['Incident'], ours.Incident>>();
none<Trouble<Server['IntakeKey'], ours.IntakeKey>>();
none<Trouble<Server['BinItem'], ours.BinItem>>();
none<Trouble<Server['Device'], ours.Session>>();
none<Trouble<Server['APIToken'], ours.Token>>();
none<Trouble<Server['Hit'], ours.SearchHit>>();
none<Trouble<Server['BoardStage'], Omit<ours.BoardStage, 'items'>>>();
none<Trouble<Server['Visit'], ours.Visit>>();
none<Trouble<Server['SetupState'], ours.Setup>>();
none<Trouble<Server['Counted'], { count: number; exact?: boolean }>>();
