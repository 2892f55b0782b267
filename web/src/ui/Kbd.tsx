/** A key as it looks on a keyboard. */
export function Kbd({ children }: { children: string }) {
  return <span className="kbd">{children}</span>;
}
