/** The question to sign in again, put over the page when its session has ended: what was begun there stays. */
let waiting: { answer: Promise<boolean>; give: (again: boolean) => void } | undefined;
let show: (open: boolean) => void = () => {};

/** Says who shows the question. */
export function onAsk(listener: (open: boolean) => void): () => void {
  show = listener;
  return () => {
    show = () => {};
  };
}

/** Asks to sign in again; everybody who asks meanwhile gets the same answer: whether it was done. */
export function askToSignIn(): Promise<boolean> {
  if (!waiting) {
    let give: (again: boolean) => void = () => {};
    const answer = new Promise<boolean>((resolve) => {
      give = resolve;
    });
    waiting = { answer, give };
    show(true);
  }
  return waiting.answer;
}

/** Answers. */
export function answerSignIn(again: boolean): void {
  waiting?.give(again);
  waiting = undefined;
  show(false);
}
