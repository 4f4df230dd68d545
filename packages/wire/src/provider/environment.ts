/** Variables of the environment, such as `process.env`; read when a call needs them, not once. */
export type Environment = Readonly<Record<string, string | undefined>>;
