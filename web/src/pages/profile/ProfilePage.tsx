export function ProfilePage() { return <main className="sheet" />; }
