import { MalformedResponseError } from '@headrace/core/plugin';

/** The answer holds JSON, but not in the shape of the dialect. */
export const notAMessage = (what: string): MalformedResponseError =>
  new MalformedResponseError(`The upstream's answer is not a message: ${what}.`);

/** What a member said is lost, so the answer would have a hole. */
export const unreadable = (member: string): MalformedResponseError =>
  notAMessage(`its \`${member}\` is of a type that it cannot have`);
