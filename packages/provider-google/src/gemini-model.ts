/** Names that stand for the newest of a line, which is of version 3 or later. */
const NEWEST = /^gemini-(?:pro|flash|flash-lite)-latest$/;

/** The version of a Gemini model by its id; undefined for other models, such as Gemma, and for ids that do not tell. */
export const geminiVersion = (modelId: string): number | undefined => {
  const version = /^gemini-(\d+(?:\.\d+)?)/.exec(modelId)?.[1];
  if (version !== undefined) return Number(version);
  return NEWEST.test(modelId) ? 3 : undefined;
};

/** Whether the model belongs to version 3 or later, where signatures are demanded and tool results may hold media. */
export const isGemini3 = (modelId: string): boolean => (geminiVersion(modelId) ?? 0) >= 3;
