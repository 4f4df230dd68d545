/** A function that a model may call, in the form that chat wraps and responses take as it is. */
export const WEATHER = {
  name: 'get_weather',
  description: 'Current weather of a city',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};
