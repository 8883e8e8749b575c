use graven::model;

model! { pub Net(image: 8x8x2) < DepthwiseConv2d(3x3, kernel_initializer = he_normal) > }

fn main() {}
