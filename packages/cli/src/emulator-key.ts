/** A key of Vercel's form that stands for nothing; every emulator takes it, and no real key is ever sent to one. */
export const EMULATOR_KEY = 'vck_emulator';
