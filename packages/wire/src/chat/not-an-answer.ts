import { MalformedResponseError } from '@headrace/core/plugin';

/** The answer holds JSON, but not in the shape of the dialect. */
export const notAnAnswer = (what: string): MalformedResponseError =>
  new MalformedResponseError(`The upstream's answer is not a chat completion: ${what}.`);

/** What a member said is lost, so the answer would have a hole. */
export const unreadable = (member: string): MalformedResponseError =>
  notAnAnswer(`its \`${member}\` is of a type that it cannot have`);
