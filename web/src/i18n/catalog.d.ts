declare module 'virtual:catalog/ru' {
  const messages: import('@lingui/core').Messages;
  export default messages;
}
declare module 'virtual:catalog/en' {
  const messages: import('@lingui/core').Messages;
  export default messages;
}
