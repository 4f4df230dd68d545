/** Whether it has members to look at; lists have. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
