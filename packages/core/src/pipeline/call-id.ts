import { randomBytes } from 'node:crypto';

/** Of this process; made with the first call, so that copies of a start-up snapshot differ. */
let prefix: string | undefined;
let count = 0;

/**
 * `call_`, 24 hexadecimal digits that are random for each process, `-` and a count in base 36. As unlike any other as a
 * random id is, and a random id for each call cost as much as two stages of the pipeline.
 */
export const nextCallId = (): string => {
  prefix ??= `call_${randomBytes(12).toString('hex')}-`;
  count += 1;
  return prefix + count.toString(36);
};
