/** Where the reader is in a long column, kept while the column grows above, below or in between. */

const NEAR_END_PX = 48;
const ABOVE_HEAD_PX = 8;

export class Place {
  atEnd = true;
  private anchor: { element: HTMLElement; offset: number } | null = null;
  /** The answer that is being followed: its first line is not scrolled away, however long it is. */
  private head: HTMLElement | null = null;
  private lastTop = 0;
  private readonly watch: ResizeObserver;

  /** `moved` is called when the reader's place may have changed and everything has its height. */
  constructor(
    private readonly scroller: HTMLElement,
    private readonly column: HTMLElement,
    private readonly moved: () => void,
  ) {
    // Our own anchor does this in every browser; two of them would add up.
    scroller.style.setProperty("overflow-anchor", "none");
    this.watch = new ResizeObserver(() => {
      this.restore();
      this.moved();
    });
    this.watch.observe(scroller);
    this.watch.observe(column);
  }

  /** The newest message begins in sight, even if it ends below. */
  get seesNewest(): boolean {
    const messages = this.column.getElementsByTagName("chat-message");
    const newest = messages[messages.length - 1] as HTMLElement | undefined;
    return this.atEnd || (!!newest && newest.offsetTop < this.scroller.scrollTop + this.scroller.clientHeight);
  }

  release(): void {
    this.watch.disconnect();
  }

  /** The reader has scrolled. */
  note(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    // The column may have grown since we scrolled it ourselves: only upwards is away from the end.
    const stayed = this.atEnd && scrollTop >= this.lastTop;
    const wentDown = scrollTop - this.lastTop > 1; // upwards it may have been a column that shrank
    this.atEnd = stayed || scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.atEnd && wentDown) this.head = null;
    this.lastTop = scrollTop;
    this.anchor = this.firstVisible();
    this.moved();
  }

  /** Goes to the end and stays there as the column grows. */
  follow(): void {
    this.atEnd = true;
    this.head = null;
    this.restore();
  }

  /** The reader is busy where he is: nothing that comes moves the page. */
  stay(): void {
    this.atEnd = false;
    this.head = null;
    this.anchor = this.firstVisible();
    this.lastTop = this.scroller.scrollTop;
  }

  /** A new answer, to be read from its first line if the reader is at the end. */
  answer(head: HTMLElement): void {
    if (!this.atEnd) return;
    this.head ??= head;
    this.restore();
  }

  private restore(): void {
    if (this.atEnd) this.toEnd();
    else if (this.anchor?.element.isConnected) {
      this.scroller.scrollTop = this.anchor.element.offsetTop - this.anchor.offset;
    }
  }

  private toEnd(): void {
    const { scrollHeight, clientHeight } = this.scroller;
    const end = scrollHeight - clientHeight;
    const top = this.head?.isConnected ? Math.min(end, this.head.offsetTop - ABOVE_HEAD_PX) : end;
    this.scroller.scrollTop = top;
    this.lastTop = this.scroller.scrollTop;
    if (end - top < NEAR_END_PX) return;
    this.atEnd = false;
    this.anchor = this.firstVisible();
  }

  /** Children lie one below the other, so their offsets can be searched by halves. */
  private firstVisible(): { element: HTMLElement; offset: number } | null {
    const messages = this.column.getElementsByTagName("chat-message");
    const top = this.scroller.scrollTop;
    let low = 0;
    let high = messages.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const element = messages[middle] as HTMLElement;
      if (element.offsetTop + element.offsetHeight <= top) low = middle + 1;
      else high = middle;
    }
    const element = messages[low] as HTMLElement | undefined;
    return element ? { element, offset: element.offsetTop - top } : null;
  }
}
