const TURNS = 1000;

/** Settles after many turns of the event loop in which this number stayed the same: nothing more happens by itself. */
export const atRest = async (progress: () => number): Promise<void> => {
  let known = progress();
  for (let turns = 0; turns < TURNS; turns += 1) {
    await new Promise(setImmediate);
    const now = progress();
    if (now !== known) turns = 0;
    known = now;
  }
};
