/** Whether it has members to look at; lists have. */
export const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
