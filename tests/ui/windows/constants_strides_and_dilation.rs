use graven::model;

const STEP: usize = 2;

model! { pub Net(image: 9x9x6) < Conv2d(8, 3x3, strides = STEP, dilation_rate = 2) > }

fn main() {}
