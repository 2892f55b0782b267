/** The words a new letter begins with. */
export const draft: Record<'ru' | 'en', { subject: string; body: string }> = {
  ru: {
    subject: 'Спасибо за обращение, {company}',
    body: 'Здравствуйте, {client.name|уважаемый клиент}!\n\nМы получили ваше обращение № {request.number}. Им занимается {manager.name|наш сотрудник}, он свяжется с вами.\n\n{company}',
  },
  en: {
    subject: 'Thank you for your request, {company}',
    body: 'Hello {client.name|dear client}!\n\nWe have your request no. {request.number}. {manager.name|One of us} takes care of it and will contact you.\n\n{company}',
  },
};
