/** Grey lines of the final size while data is on its way. */
export function SkeletonCard() {
  return (
    <div className="card skel" aria-hidden="true">
      <i style={{ width: '78%' }} />
      <i style={{ width: '52%' }} />
      <i style={{ width: '32%' }} />
    </div>
  );
}

/** Rows of a table while its page is on its way. */
export function SkeletonRows({ rows = 12 }: { rows?: number }) {
  return (
    <div className="skel-rows" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="skel-row">
          <i style={{ width: `${30 + ((at * 17) % 30)}%` }} />
          <i style={{ width: '12%' }} />
          <i style={{ width: '18%' }} />
        </div>
      ))}
    </div>
  );
}
