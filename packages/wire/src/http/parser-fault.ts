/** Whether undici could not read the answer as HTTP. */
export const isParserFault = (cause: unknown): cause is Error =>
  typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'HTTPParserError';

/** undici adds a piece of the answer to such an error; whoever prints the error would print the answer. */
export const withoutAnswer = (cause: unknown): unknown => {
  if (isParserFault(cause)) Reflect.deleteProperty(cause, 'data');
  return cause;
};
