import { language } from '~/i18n/index.ts';

/** The consent a form begins with, in both languages: whoever sets the form up writes his own. */
export const consentText = {
  ru: 'Согласен на обработку моих персональных данных, чтобы со мной связались по этой заявке',
  en: 'I agree that my personal data are used to contact me about this request',
};

/** How a link is written in a text. */
export const linkSample = (): string =>
  language() === 'ru' ? '[политикой](https://ваш-сайт/politika)' : '[the policy](https://your-site/policy)';
