/** The builds of the engine; each has a CMake preset `wasm-VARIANT`. */
export const variants: readonly string[];
/** Copies the four builds of the engine to `bindings/src/wasm/`. */
export function stageEngine(): void;
/** Copies the digits that come with the package to `bindings/src/data/`, under fixed names. */
export function stageDigits(): void;
/** Compiles the SDK and copies the staged files; those of the digits may be absent. */
export function emit(): void;
