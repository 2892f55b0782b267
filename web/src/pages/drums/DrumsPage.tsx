export function DrumsPage() { return <main className="sheet" />; }
