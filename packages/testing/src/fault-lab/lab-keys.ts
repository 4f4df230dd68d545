import type { RecordedRequest } from '../upstream/recorded-request.js';
import type { LabTarget } from './lab-subject.js';

/** A key for each target: nothing but its own origin may see it. */
export type LabKeys = Readonly<Record<LabTarget['name'], string>>;

const MARK = 'lab_key_';
let made = 0;

/** Keys that no other fault has. */
export const makeLabKeys = (): LabKeys => {
  made += 1;
  return { primary: `${MARK}${made}_of_the_primary`, fallback: `${MARK}${made}_of_the_fallback` };
};

/**
 * Whose key a request carries, if any. `stranger`: that of another fault. A call that was given up may still ask where its
 * upstream was, and the port may be somebody else's by then.
 */
export const keyIn = (
  { headers }: Pick<RecordedRequest, 'headers'>,
  keys: LabKeys,
): LabTarget['name'] | 'stranger' | undefined => {
  const authorization = headers['authorization'] ?? '';
  if (authorization.includes(keys.primary)) return 'primary';
  if (authorization.includes(keys.fallback)) return 'fallback';
  return authorization.includes(MARK) ? 'stranger' : undefined;
};
