/** Answers nobody has seen yet: counted in the page's title and told to the page around us. */

import type { Host } from "./host";

export class Unread {
  private count = 0;

  constructor(
    private readonly host: Host,
    private title: string,
  ) {}

  rename(title: string): void {
    this.title = title;
    this.show();
  }

  add(count: number): void {
    this.count += count;
    this.show();
  }

  clear(): void {
    if (this.count === 0) return;
    this.count = 0;
    this.show();
  }

  private show(): void {
    document.title = this.count ? `(${this.count}) ${this.title}` : this.title;
    this.host.unread(this.count);
  }
}
