import type { AttemptClaim } from '../pipeline/attempt-claim.js';

const joined = (one: AttemptClaim, other: AttemptClaim): AttemptClaim => ({
  begun: (attempt) => {
    one.begun(attempt);
    other.begun(attempt);
  },
  drop: () => {
    one.drop();
    other.drop();
  },
});

/** Two claims for one attempt. @param next gives the second; when it is refused the first is given back */
export const joinedClaim = (
  first: AttemptClaim | Promise<AttemptClaim>,
  next: () => AttemptClaim | Promise<AttemptClaim>,
): AttemptClaim | Promise<AttemptClaim> => {
  if (first instanceof Promise) return first.then((late) => joinedClaim(late, next));
  const refuse = (error: unknown): never => {
    first.drop();
    throw error;
  };
  try {
    const second = next();
    return second instanceof Promise ? second.then((late) => joined(first, late), refuse) : joined(first, second);
  } catch (error) {
    return refuse(error);
  }
};
