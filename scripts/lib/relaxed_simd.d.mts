/** What Node has to be started with to run the relaxed builds. */
export function relaxedSimdFlags(): Promise<string[]>;
