from django.urls import path

from education.consultations.public import receipt, views
from education.consultations.public.steps import CHECK, FORM, STOP

urlpatterns = [
    path("request-a-consultation/", views.consultation_form, name="consultation_form"),
    path("request-a-consultation/<str:token>/", views.begun, {"step": FORM}, name="begun_form"),
    path("request-a-consultation/<str:token>/check/", views.begun, {"step": CHECK}, name="begun_check"),
    path("request-a-consultation/<str:token>/stop/", views.begun, {"step": STOP}, name="begun_stop"),
    path("my-questions/", views.my_questions, name="my_questions"),
    path("my-request/<str:token>/", receipt.receipt, name="receipt"),
    path("my-request/<str:token>/add/", receipt.add, name="receipt_add"),
    path("my-request/<str:token>/withdraw/", receipt.withdraw, name="receipt_withdraw"),
]
