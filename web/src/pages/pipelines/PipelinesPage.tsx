export function PipelinesPage() { return <main className="sheet" />; }
