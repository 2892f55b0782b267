/** The consent a form begins with, in both languages: whoever sets the form up writes his own. */
export const consentText = {
  ru: 'Согласен на обработку моих персональных данных, чтобы со мной связались по этой заявке',
  en: 'I agree that my personal data are used to contact me about this request',
};
