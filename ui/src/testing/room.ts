/** Room for virtual lists and pictures: they draw only where there is some, and jsdom knows no sizes. */
import { vi } from "vitest";

export function giveRoom(width: number, height: number): void {
  class RoomyObserver implements ResizeObserver {
    constructor(private readonly callback: ResizeObserverCallback) {}
    observe(target: Element): void {
      const size = [{ inlineSize: width, blockSize: height }];
      const entry = {
        target,
        contentRect: new DOMRect(0, 0, width, height),
        borderBoxSize: size,
        contentBoxSize: size,
        devicePixelContentBoxSize: size,
      };
      this.callback([entry], this);
    }
    unobserve(): void {}
    disconnect(): void {}
  }
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(height);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
  vi.stubGlobal("ResizeObserver", RoomyObserver);
}

export function takeRoom(): void {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
}
