const DELAY = 600;

/** One polite live region for the page. What is said within 600 ms replaces what came before. */
class Announcer {
  #text = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  get text(): string {
    return this.#text;
  }

  say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#text = text;
    }, DELAY);
  }
}

export const announcer = new Announcer();
