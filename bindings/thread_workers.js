/**
 * Emscripten library: the SDK, not Emscripten, makes the workers that run the engine's threads.
 * Bundlers cannot follow what Emscripten would write (the module as a worker of its own, with options
 * in a variable), and Node's workers need another face.
 */
LibraryManager.library.$PThread.allocateUnusedWorker = () => {
  PThread.unusedWorkers.push(Module['startThreadWorker']());
};
