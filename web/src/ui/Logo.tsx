/** The sign of the product. */
export function Logo() {
  return (
    <svg
      className="logo"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 4.5h14M5.5 9h9M8 13.5h4" />
      <circle cx="10" cy="17.4" r=".6" fill="currentColor" strokeWidth="1.4" />
    </svg>
  );
}
